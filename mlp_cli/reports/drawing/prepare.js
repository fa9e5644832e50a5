// Strokes become an image as MNIST's are, and as `mlp predict` prepares a picture: strokes of the
// same thickness, fitted into the same box, centred by mass; upright where the network wants it.

const [height, width] = model.shape;
const PEN = 0.07; // the width of a stroke on the pad, whose sides are 1
const FINE = 8; // times finer than its pixels is an image drawn at first
const sheet = document.createElement("canvas");

/** Pixels from 0 to 255 of strokes, each a list of [x, y]; null where there are none. */
function prepared(strokes) {
  return strokes.length ? centred(fitted(oneDigit(strokes))) : null;
}

/** What the network is shown of an image. */
function shown(pixels) {
  return model.deskew ? deskewed(pixels) : pixels;
}

/** The longest stroke, and those that are near it and no specks. */
function oneDigit(strokes) {
  const left = strokes.map((stroke) => ({ stroke, box: boxOf(stroke) }));
  left.sort((a, b) => longer(b.box) - longer(a.box));
  const length = longer(left[0].box) + PEN;
  const members = left.splice(0, 1);
  for (const { box } of members)
    for (let i = left.length - 1; i >= 0; i--) {
      const gap = apart(box, left[i].box) - PEN;
      const long = longer(left[i].box) + PEN >= model.shortest * length;
      if (gap <= 0 || (long && gap < model.near * length)) members.push(...left.splice(i, 1));
    }
  return members.map(({ stroke }) => stroke);
}

function boxOf(points) {
  const ends = (values) => [Math.min, Math.max].map((end) => values.reduce((a, b) => end(a, b)));
  const [left, right] = ends(points.map(([x]) => x));
  const [top, bottom] = ends(points.map(([, y]) => y));
  return { left, right, top, bottom };
}

function longer({ left, right, top, bottom }) {
  return Math.max(right - left, bottom - top);
}

/** How far two boxes are apart along the axis on which they are farther. */
function apart(a, b) {
  const across = Math.max(a.left, b.left) - Math.min(a.right, b.right);
  return Math.max(across, Math.max(a.top, b.top) - Math.min(a.bottom, b.bottom));
}

/** The strokes as large as the box allows, the strongest pixel at 255. */
function fitted(strokes) {
  const box = boxOf(strokes.flat());
  const pen = evened(longer(box));
  const [wide, high] = [box.right - box.left + pen, box.bottom - box.top + pen];
  const scale = Math.min(model.box[0] / high, model.box[1] / wide);
  const rows = Math.max(1, halfEven(high * scale));
  const columns = Math.max(1, halfEven(wide * scale));

  [sheet.width, sheet.height] = [columns * FINE, rows * FINE];
  const context = sheet.getContext("2d", { willReadFrequently: true });
  context.scale(sheet.width / wide, sheet.height / high);
  context.translate(pen / 2 - box.left, pen / 2 - box.top);
  trace(context, strokes, pen);
  const { data } = context.getImageData(0, 0, sheet.width, sheet.height);

  const ink = new Float64Array(rows * columns);
  for (let y = 0; y < sheet.height; y++)
    for (let x = 0; x < sheet.width; x++)
      ink[Math.floor(y / FINE) * columns + Math.floor(x / FINE)] +=
        data[4 * (y * sheet.width + x) + 3];
  const most = ink.reduce((a, b) => Math.max(a, b));
  return { rows, columns, ink: ink.map((each) => halfEven((255 * each) / most)) };
}

/** The pen for strokes of this length: as seen, if that is not far from MNIST's thickness. */
function evened(length) {
  const { thin, thick, thinnest, thickest } = model.stroke;
  const share = PEN / (length + PEN);
  if (length < PEN || (share >= thin && share <= thick)) return PEN; // a dot stays one
  const wanted = share < thin ? thinnest : thickest;
  return (wanted / (1 - wanted)) * length;
}

/** Draw strokes with a round pen of this width. */
function trace(context, strokes, pen) {
  context.lineWidth = pen;
  context.lineCap = context.lineJoin = "round";
  for (const [first, ...others] of strokes) {
    context.beginPath();
    if (others.some(([x, y]) => x !== first[0] || y !== first[1])) {
      context.moveTo(...first);
      for (const point of others) context.lineTo(...point);
      context.stroke();
    } else {
      context.arc(...first, pen / 2, 0, 2 * Math.PI);
      context.fill();
    }
  }
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
    Math.min(Math.max(halfEven(Math.floor(room / 2) - mass), 0), room - side);
  const top = start(y / total, rows, height);
  const left = start(x / total, columns, width);
  const pixels = new Uint8Array(height * width);
  for (let row = 0; row < rows; row++)
    pixels.set(ink.subarray(row * columns, (row + 1) * columns), (top + row) * width + left);
  return pixels;
}

/** Rounded, and from the middle to the even number, as Python does. */
function halfEven(x) {
  return x - Math.floor(x) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x);
}
