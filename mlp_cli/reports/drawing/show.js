// What a person sees: the answer in words and bars, the image, and each layer at work.

const part = Object.fromEntries([...document.querySelectorAll("[id]")].map((it) => [it.id, it]));
const STRONGEST = 8; // neurons of a layer whose weights are drawn,
const WEIGHTS = 6; // and so many of each one's

/** Show what the network makes of the pixels that it is shown; null clears all. */
function show(pixels) {
  const passes = forward(pixels ?? new Uint8Array(height * width));
  let sure = probabilities(passes);
  const finite = sure.every(Number.isFinite);
  if (!pixels || !finite) [pixels, sure] = [null, sure.map(() => 0)];
  const answer = sure.indexOf(sure.reduce((a, b) => Math.max(a, b)));
  const found = pixels && shares(passes, answer);
  part.said.textContent = finite ? inWords(pixels, sure, answer) : "Its outputs are not finite.";
  sure.forEach((share, k) => {
    const row = part.bars.rows[k];
    row.className = pixels && k === answer ? "best" : "";
    row.querySelector("i").style.width = `${100 * share}%`;
    row.cells[2].textContent = pixels ? percent(share) : "";
  });
  paint(part.seen, pixels ?? [], () => "--light", 1);
  paint(part.did, pixels ? found[0].did : [], (value) => (value > 0 ? "--for" : "--against"), 0.5);
  passes.slice(0, -1).forEach(({ z }, i) => {
    const above = z.filter((each) => each > 0).length;
    part.fired.rows[i].cells[3].textContent = pixels ? `${above} sums above 0` : "";
  });
  diagram(pixels, passes, found, sure, answer);
}

function inWords(pixels, sure, answer) {
  if (!pixels) return "Draw here, and it is read as you go.";
  const name = model.classes[answer];
  if (sure[answer] < model.least) return `No digit, at best ${name} (${percent(sure[answer])})`;
  if (!(sure[answer] < model.unsure)) return `${name}, ${percent(sure[answer])} sure`;
  const others = sure.map((share, k) => (k === answer ? -1 : share));
  const second = others.indexOf(others.reduce((a, b) => Math.max(a, b)));
  const or = `or ${model.classes[second]} (${percent(sure[second])})`;
  return `Not sure: perhaps ${name} (${percent(sure[answer])}), ${or}`;
}

const said = () => part.said.textContent;
const percent = (share) => `${(100 * share).toFixed(1)} %`;

/** A colour of the page, by its name there. */
const palette = new Map();
function colour(name) {
  if (!palette.has(name)) {
    const style = getComputedStyle(document.documentElement);
    palette.set(name, style.getPropertyValue(name).trim());
  }
  return palette.get(name);
}

/** For who listens: said once all is quiet, not at each point of a stroke. */
let soon;
function tell(words) {
  clearTimeout(soon);
  part.told.textContent = words;
}
function tellSoon(words = said) {
  clearTimeout(soon);
  soon = setTimeout(() => tell(words()), 300);
}

/** An empty canvas as fine as the screen, and its width there. */
function cleared(canvas) {
  const [across, down] = [canvas.clientWidth, canvas.clientHeight];
  canvas.width = Math.round(across * devicePixelRatio);
  canvas.height = Math.round(down * devicePixelRatio);
  const context = canvas.getContext("2d");
  context.scale(devicePixelRatio, devicePixelRatio);
  return { context, size: across, down };
}

/** An image of values, each as strong as its share of the strongest, to a power. */
function paint(canvas, values, colourOf, power) {
  [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext("2d");
  const place = { columns: width, side: 1, corner: [0, 0], edge: (at) => at };
  squares(context, values, colourOf, power, place);
}

/** The nearest edge of the screen's own pixels, so that squares meet without a seam. */
const onScreen = (place) => Math.round(place * devicePixelRatio) / devicePixelRatio;

/** Values as squares, row by row. */
function squares(context, values, colourOf, power, { columns, side, corner, edge = onScreen }) {
  const most = values.reduce((a, b) => Math.max(a, Math.abs(b)), 0) || 1;
  const colours = { true: colour(colourOf(1)), false: colour(colourOf(-1)) };
  values.forEach((value, i) => {
    if (!value) return;
    context.globalAlpha = (Math.abs(value) / most) ** power;
    context.fillStyle = colours[value > 0];
    const [x, y] = [corner[0] + (i % columns) * side, corner[1] + Math.floor(i / columns) * side];
    const [left, top] = [edge(x), edge(y)];
    context.fillRect(left, top, edge(x + side) - left, edge(y + side) - top);
  });
  context.globalAlpha = 1;
}
