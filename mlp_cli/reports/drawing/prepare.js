// Strokes become an image as MNIST's are, and as `mlp predict` prepares a picture: strokes of the
// same thickness, fitted into the same box, centred by mass; upright where the network wants it.

const [height, width] = model.shape;
const FINE = 8; // times finer than its pixels is an image drawn at first

/** Pixels from 0 to 255 of strokes, each a list of [x, y]; null where there are none. */
function prepared(strokes) {
  const points = strokes.flat();
  if (!points.length) return null;
  return centred(fitted(strokes, points));
}

/** What the network is shown of an image. */
function shown(pixels) {
  return model.deskew ? deskewed(pixels) : pixels;
}

/** The strokes as large as the box allows, the strongest pixel at 255. */
function fitted(strokes, points) {
  const [left, right] = ends(points.map(([x]) => x));
  const [top, bottom] = ends(points.map(([, y]) => y));
  const pen = (model.stroke / (1 - model.stroke)) * Math.max(right - left, bottom - top, 1e-3);
  const size = { wide: right - left + pen, high: bottom - top + pen };
  const scale = Math.min(model.box[0] / size.high, model.box[1] / size.wide);
  const rows = Math.max(1, Math.round(size.high * scale));
  const columns = Math.max(1, Math.round(size.wide * scale));

  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [columns * FINE, rows * FINE];
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.scale(canvas.width / size.wide, canvas.height / size.high);
  context.translate(pen / 2 - left, pen / 2 - top);
  trace(context, strokes, pen);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);

  const ink = new Float64Array(rows * columns);
  for (let y = 0; y < canvas.height; y++)
    for (let x = 0; x < canvas.width; x++)
      ink[Math.floor(y / FINE) * columns + Math.floor(x / FINE)] +=
        data[4 * (y * canvas.width + x) + 3];
  const most = ink.reduce((a, b) => Math.max(a, b));
  return { rows, columns, ink: ink.map((each) => Math.round((255 * each) / most)) };
}

/** Draw strokes with a round pen of this width. */
function trace(context, strokes, pen) {
  context.lineWidth = pen;
  context.lineCap = context.lineJoin = "round";
  context.beginPath();
  for (const [first, ...others] of strokes) {
    context.moveTo(...first);
    for (const point of others.length ? others : [first]) context.lineTo(...point);
  }
  context.stroke();
}

/** Ink on a black image, its centre of mass in the middle as far as it stays inside. */
function centred({ rows, columns, ink }) {
  let [total, x, y] = [0, 0, 0];
  ink.forEach((each, i) => {
    total += each;
    x += each * (i % columns);
    y += each * Math.floor(i / columns);
  });
  const start = (mass, side, room) =>
    Math.min(Math.max(Math.round(Math.floor(room / 2) - mass), 0), room - side);
  const top = start(y / total, rows, height);
  const left = start(x / total, columns, width);
  const pixels = new Uint8Array(height * width);
  for (let row = 0; row < rows; row++)
    pixels.set(ink.subarray(row * columns, (row + 1) * columns), (top + row) * width + left);
  return pixels;
}

/** Upright and centred by its moments: (x, y) is read from (x + x̄ + s·y, y + ȳ), s the slant. */
function deskewed(pixels) {
  const [middleX, middleY] = [(width - 1) / 2, (height - 1) / 2];
  let [total, sx, sy, sxy, syy] = [0, 0, 0, 0, 0];
  pixels.forEach((ink, i) => {
    const [x, y] = [(i % width) - middleX, Math.floor(i / width) - middleY];
    total += ink;
    sx += ink * x;
    sy += ink * y;
    sxy += ink * x * y;
    syy += ink * y * y;
  });
  total = Math.max(total, 1);
  const [x, y] = [sx / total, sy / total];
  const variance = syy / total - y * y;
  const slant = variance > 0 ? (sxy / total - x * y) / variance : 0;

  const moved = new Float64Array(pixels.length);
  for (let column = 0; column < width; column++)
    for (let row = 0; row < height; row++)
      moved[row * width + column] = between(pixels, column, width, height, row + y);
  return Uint8Array.from(moved, (_, i) => {
    const [column, row] = [i % width, Math.floor(i / width)];
    return Math.round(between(moved, row * width, 1, width, column + x + slant * (row - middleY)));
  });
}

/** What a line of values has at a place between two of them; black beyond its ends. */
function between(values, start, step, size, place) {
  const near = Math.floor(place);
  const value = (i) => (i >= 0 && i < size ? values[start + i * step] : 0);
  return value(near) + (place - near) * (value(near + 1) - value(near));
}

function ends(values) {
  return [Math.min, Math.max].map((end) => values.reduce((a, b) => end(a, b)));
}
