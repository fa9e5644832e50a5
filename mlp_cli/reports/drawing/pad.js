// The pad: strokes by mouse, finger, pen or keyboard. Places on it go from 0 to 1.

const pad = document.getElementById("pad");
const NEAREST = 0.004; // a point that is nearer to the one before is left out
const STEP = 0.04; // of an arrow key; with Shift, a quarter
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

let strokes = []; // lists of [x, y]
let example = null; // an image shown instead
let pointer = null; // that draws now
let pen = { x: 0.5, y: 0.2, down: false, shown: false }; // of the keyboard

function draw() {
  const { context, size } = cleared(pad);
  if (example) {
    const side = size / Math.max(width, height);
    const corner = [(size - width * side) / 2, (size - height * side) / 2];
    squares(context, example, () => "--ink", 1, { columns: width, side, corner });
    return;
  }
  context.scale(size, size);
  context.strokeStyle = context.fillStyle = colour("--ink");
  trace(context, strokes, PEN);
  if (!pen.shown || document.activeElement !== pad) return;
  context.lineWidth = 0.01;
  context.setLineDash(pen.down ? [] : [0.02, 0.02]);
  context.strokeStyle = colour(pen.down ? "--for" : "--against");
  context.beginPath();
  context.arc(pen.x, pen.y, PEN / 2, 0, 2 * Math.PI);
  context.stroke();
}

/** Draw and read anew. */
let waiting = null;
function update() {
  cancelAnimationFrame(waiting);
  waiting = null;
  palette.clear(); // the screen may have become dark
  draw();
  const pixels = example ?? prepared(strokes);
  show(pixels && shown(pixels));
}

/** The same, once before the screen changes. */
function changed() {
  waiting ??= requestAnimationFrame(update);
}

function started(place) {
  if (example) [strokes, example] = [[], null];
  strokes.push([place]);
  changed();
}

function went([x, y]) {
  const stroke = strokes.at(-1);
  const [beforeX, beforeY] = stroke.at(-1);
  if (Math.hypot(x - beforeX, y - beforeY) < NEAREST) return;
  stroke.push([x, y]);
  changed();
}

function clear() {
  [strokes, example, pointer, pen.down] = [[], null, null, false];
  changed();
  tellSoon();
}

function undo() {
  if (example) example = null; // what was drawn before is there again
  else strokes.pop();
  [pointer, pen.down] = [null, false];
  changed();
  tellSoon();
}

const inside = (part) => Math.min(Math.max(part, 0), 1);

function placeOf(event) {
  const box = pad.getBoundingClientRect();
  return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height].map(inside);
}

pad.addEventListener("pointerdown", (event) => {
  if (pointer !== null || event.button !== 0) return;
  pointer = event.pointerId;
  pad.setPointerCapture(pointer);
  [pen.down, pen.shown] = [false, false];
  started(placeOf(event));
});

pad.addEventListener("pointermove", (event) => {
  if (event.pointerId !== pointer) return;
  const all = event.getCoalescedEvents?.() ?? [];
  for (const between of all.length ? all : [event]) went(placeOf(between));
});

for (const ending of ["pointerup", "pointercancel"])
  pad.addEventListener(ending, (event) => {
    if (event.pointerId !== pointer) return;
    pointer = null;
    tellSoon();
  });

function moved([x, y]) {
  [pen.x, pen.y] = [inside(pen.x + x), inside(pen.y + y)];
  if (pen.down) went([pen.x, pen.y]);
  changed();
  const [column, row] = [pen.x, pen.y].map((part) => Math.round(100 * part));
  tellSoon(() => `${column} across, ${row} down`);
}

function lowered() {
  pen.down = !pen.down;
  if (pen.down) started([pen.x, pen.y]);
  update();
  tell(pen.down ? "Pen down." : `Pen up. ${said()}`);
}

pad.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key in ARROWS)
    moved(ARROWS[event.key].map((way) => way * STEP * (event.shiftKey ? 0.25 : 1)));
  else if (event.key === " " || event.key === "Enter") event.repeat || lowered();
  else if (event.key === "Backspace") undo();
  else if (event.key === "Delete") clear();
  else return;
  pen.shown = true;
  event.preventDefault();
});

pad.addEventListener("focus", () => {
  pen.shown = pointer === null;
  changed();
});
pad.addEventListener("blur", () => {
  pen.down = false;
  changed();
});
document.getElementById("clear").addEventListener("click", clear);
document.getElementById("undo").addEventListener("click", undo);

for (const [i, button] of document.querySelectorAll("#examples button").entries())
  button.addEventListener("click", () => {
    const size = height * width;
    example = bytes(model.examples).subarray(i * size, (i + 1) * size);
    changed();
    tellSoon();
  });

new ResizeObserver(changed).observe(document.body);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
