// The whole network in one picture: the pixels, each layer's neurons, the classes, and between
// them the weights that did most for and against the answer.

function diagram(pixels, passes, found, sure, answer) {
  const { context, size, down } = cleared(part.network);
  const columns = columnsOf(passes, size, down);
  const [image, ...hidden] = columns;
  const classes = hidden.pop();
  plate(context, image, "--dark");
  if (pixels) squares(context, pixels, () => "--light", 1, image);
  hidden.forEach((column, i) => {
    plate(context, column, "--paper");
    const colourOf = (value) => (value > 0 ? "--lit" : "--below");
    if (pixels) squares(context, passes[i].a, colourOf, 0.7, column);
  });
  if (pixels)
    for (const weight of weightsThatMattered(passes, found, answer)) line(context, columns, weight);
  const letters = Math.min(16, 0.8 * classes.side); // pixels high
  context.font = `${Math.max(9, letters)}px system-ui, sans-serif`;
  context.textBaseline = "middle";
  model.classes.forEach((name, k) => {
    const [x, y] = place(classes, k);
    const radius = 0.3 * Math.min(classes.side, 24);
    context.strokeStyle = context.fillStyle = colour("--lit");
    context.globalAlpha = sure[k];
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fill();
    context.globalAlpha = 1;
    context.stroke();
    context.fillStyle = colour("--ink");
    if (letters >= 9 || (pixels && k === answer)) context.fillText(name, x + radius + 5, y);
  });
}

/** Where each layer's values stand: squares row by row, those of the last one below each other. */
function columnsOf(passes, across, down) {
  const counts = [width * height, ...passes.map(({ z }) => z.length)];
  const room = across / (counts.length - 0.4); // the classes need less
  return counts.map((count, i) => {
    const last = i === counts.length - 1;
    const columns = i === 0 ? width : last ? 1 : squareColumns(count, 0.7 * room, 0.9 * down);
    const rows = Math.ceil(count / columns);
    const side = last ? (0.9 * down) / rows : Math.min((0.7 * room) / columns, (0.9 * down) / rows);
    const corner = [i * room + (last ? 0.1 : 0.05) * room, (down - rows * side) / 2];
    return { columns, rows, side, corner };
  });
}

/** The number of columns with which so many squares fill the room best. */
function squareColumns(count, wide, high) {
  return Math.max(1, Math.min(count, Math.ceil(Math.sqrt((count * wide) / high))));
}

/** The middle of a value's square. */
function place({ columns, side, corner: [left, top] }, i) {
  const [column, row] = [i % columns, Math.floor(i / columns)];
  const half = columns === 1 ? Math.min(side, 24) / 2 : side / 2;
  return [left + column * side + half, top + (row + 0.5) * side];
}

/** What is behind a layer's squares. */
function plate(context, { columns, rows, side, corner: [left, top] }, name) {
  context.fillStyle = colour(name);
  context.fillRect(left, top, columns * side, rows * side);
  context.strokeStyle = colour("--line");
  context.strokeRect(left - 1, top - 1, columns * side + 2, rows * side + 2);
}

/** The strongest weights into the strongest neurons: from, to, and their share in the answer. */
function weightsThatMattered(passes, found, answer) {
  return passes.flatMap(({ h, z }, layer) => {
    const { W } = layers[layer];
    const last = layer === passes.length - 1;
    const neurons = last ? [answer] : strongest(found[layer + 1].did, STRONGEST);
    return neurons.flatMap((to) => {
      const did = h.map((each, from) => each * W[from * z.length + to] * found[layer].delta[to]);
      const most = Math.max(...strongest(did, 1).map((from) => Math.abs(did[from])));
      return strongest(did, last ? STRONGEST : WEIGHTS).map((from) => ({
        layer, from, to, share: did[from] / (most || 1),
      }));
    });
  });
}

/** Where the values farthest from 0 are. */
function strongest(values, count) {
  const found = [];
  values.forEach((value, i) => {
    if (value === 0 || Number.isNaN(value)) return;
    let at = found.length;
    while (at > 0 && Math.abs(values[found[at - 1]]) < Math.abs(value)) at--;
    if (at < count) found.splice(at, 0, i);
    if (found.length > count) found.pop();
  });
  return found;
}

function line(context, columns, { layer, from, to, share }) {
  context.globalAlpha = 0.15 + 0.6 * Math.abs(share);
  context.strokeStyle = colour(share > 0 ? "--for" : "--against");
  context.beginPath();
  context.moveTo(...place(columns[layer], from));
  context.lineTo(...place(columns[layer + 1], to));
  context.stroke();
  context.globalAlpha = 1;
}
