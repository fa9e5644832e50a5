// The pad: strokes by mouse, finger, pen or keyboard. Places on it go from 0 to 1.

const pad = document.getElementById("pad");
const PEN = 0.07; // its width as it is seen
const STEP = 0.04; // of an arrow key; with Shift, a quarter
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

let strokes = []; // lists of [x, y]
let example = null; // an image shown instead
let pointer = null; // that draws now
let pen = { x: 0.5, y: 0.2, down: false }; // of the keyboard

function draw() {
  const { context, size } = cleared(pad);
  if (example) {
    const side = size / Math.max(width, height);
    const corner = [(size - width * side) / 2, (size - height * side) / 2];
    squares(context, example, () => "--ink", 1, { columns: width, side, corner });
  }
  context.scale(size, size);
  context.strokeStyle = colour("--ink");
  trace(context, strokes, PEN);
  if (document.activeElement === pad && pad.matches(":focus-visible")) {
    context.lineWidth = 0.008;
    context.strokeStyle = colour(pen.down ? "--for" : "--against");
    context.beginPath();
    context.arc(pen.x, pen.y, PEN / 2, 0, 2 * Math.PI);
    context.stroke();
  }
}

/** Draw and read anew, once before the screen changes. */
let waiting = false;
function changed() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    const pixels = example ?? prepared(strokes);
    draw();
    show(pixels && shown(pixels));
  });
}

function started(place) {
  example = null;
  strokes.push([place]);
  changed();
}

function went(place) {
  strokes.at(-1).push(place);
  changed();
}

function clear() {
  [strokes, example, pointer, pen.down] = [[], null, null, false];
  changed();
}

function undo() {
  strokes.pop();
  [example, pointer, pen.down] = [null, null, false];
  changed();
}

function placeOf(event) {
  const box = pad.getBoundingClientRect();
  return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
}

pad.addEventListener("pointerdown", (event) => {
  if (pointer !== null || event.button !== 0) return;
  pointer = event.pointerId;
  pad.setPointerCapture(pointer);
  pen.down = false;
  started(placeOf(event));
});

pad.addEventListener("pointermove", (event) => {
  if (event.pointerId !== pointer) return;
  for (const between of event.getCoalescedEvents?.() ?? [event]) went(placeOf(between));
});

for (const ending of ["pointerup", "pointercancel"])
  pad.addEventListener(ending, (event) => {
    if (event.pointerId !== pointer) return;
    pointer = null;
    tellSoon();
  });

pad.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key in ARROWS) {
    const [x, y] = ARROWS[event.key].map((way) => way * STEP * (event.shiftKey ? 0.25 : 1));
    pen.x = Math.min(Math.max(pen.x + x, 0), 1);
    pen.y = Math.min(Math.max(pen.y + y, 0), 1);
    if (pen.down) went([pen.x, pen.y]);
    changed();
  } else if (event.key === " " || event.key === "Enter") {
    pen.down = !pen.down;
    if (pen.down) started([pen.x, pen.y]);
    tell(pen.down ? "Pen down." : `Pen up. ${said()}`);
    changed();
  } else if (event.key === "Backspace") undo();
  else if (event.key === "Delete" || event.key === "Escape") clear();
  else return;
  event.preventDefault();
});

pad.addEventListener("focus", changed);
pad.addEventListener("blur", () => {
  pen.down = false;
  changed();
});
document.getElementById("clear").addEventListener("click", clear);
document.getElementById("undo").addEventListener("click", undo);

for (const [i, button] of document.querySelectorAll("#examples button").entries())
  button.addEventListener("click", () => {
    clear();
    const size = height * width;
    example = bytes(model.examples).subarray(i * size, (i + 1) * size);
    tellSoon();
  });

new ResizeObserver(changed).observe(document.body);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
