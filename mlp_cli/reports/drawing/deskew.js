// Slanted digits set upright, as `mlp` does for a network that was trained so.

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
    return halfEven(between(moved, row * width, 1, width, column + x + slant * (row - middleY)));
  });
}

/** What a line of values has at a place between two of them; black beyond its ends. */
function between(values, start, step, size, place) {
  const near = Math.floor(place);
  const value = (i) => (i >= 0 && i < size ? values[start + i * step] : 0);
  return value(near) + (place - near) * (value(near + 1) - value(near));
}

