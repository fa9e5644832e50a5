// What a person sees: the answer in words and bars, the image, and each layer at work.

const part = Object.fromEntries([...document.querySelectorAll("[id]")].map((it) => [it.id, it]));
const STRONGEST = 8; // neurons of a layer whose weights are drawn,
const WEIGHTS = 6; // and so many of each one's

/** Show what the network makes of the pixels that it is shown; null clears all. */
function show(pixels) {
  const passes = forward(pixels ?? new Uint8Array(height * width));
  const sure = pixels ? probabilities(passes) : new Float64Array(model.classes.length);
  const answer = sure.indexOf(sure.reduce((a, b) => Math.max(a, b)));
  const found = shares(passes, answer);
  part.said.textContent = inWords(pixels, sure, answer);
  sure.forEach((share, k) => {
    const row = part.bars.rows[k];
    row.className = pixels && k === answer ? "best" : "";
    row.querySelector("i").style.width = `${100 * share}%`;
    row.cells[2].textContent = pixels ? percent(share) : "";
  });
  paint(part.seen, pixels ?? [], () => "--light", 1);
  paint(part.did, pixels ? found[0].did : [], (value) => (value > 0 ? "--for" : "--against"), 0.5);
  passes.slice(0, -1).forEach(({ z }, i) => {
    const fired = pixels ? `${z.filter((each) => each > 0).length} fire` : "";
    part.fired.rows[i].cells[3].textContent = fired;
  });
  diagram(pixels, passes, found, sure, answer);
}

function inWords(pixels, sure, answer) {
  if (!pixels) return "Draw here, and it is read as you go.";
  const name = model.classes[answer];
  if (!(sure[answer] < model.unsure)) return `${name}, ${percent(sure[answer])} sure`;
  const others = sure.map((share, k) => (k === answer ? -1 : share));
  const second = others.indexOf(others.reduce((a, b) => Math.max(a, b)));
  const or = `or ${model.classes[second]} (${percent(sure[second])})`;
  return `Not sure: perhaps ${name} (${percent(sure[answer])}), ${or}`;
}

const said = () => part.said.textContent;
const percent = (share) => `${(100 * share).toFixed(1)} %`;
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** For who listens: said once a stroke is done, not at each of its points. */
const tell = (words) => (part.told.textContent = words);
let soon;
function tellSoon() {
  clearTimeout(soon);
  soon = setTimeout(() => tell(said()), 300);
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
  squares(context, values, colourOf, power, { columns: width, side: 1, corner: [0, 0] });
}

/** The nearest edge of the screen's own pixels, so that squares meet without a seam. */
const onScreen = (place) => Math.round(place * devicePixelRatio) / devicePixelRatio;

/** Values as squares, row by row. */
function squares(context, values, colourOf, power, { columns, side, corner: [left, top] }) {
  const most = values.reduce((a, b) => Math.max(a, Math.abs(b)), 0) || 1;
  const colours = { true: colour(colourOf(1)), false: colour(colourOf(-1)) };
  values.forEach((value, i) => {
    context.globalAlpha = (Math.abs(value) / most) ** power;
    context.fillStyle = colours[value > 0];
    const [x, y] = [left + (i % columns) * side, top + Math.floor(i / columns) * side];
    context.fillRect(onScreen(x), onScreen(y), onScreen(x + side) - onScreen(x),
      onScreen(y + side) - onScreen(y));
  });
  context.globalAlpha = 1;
}
