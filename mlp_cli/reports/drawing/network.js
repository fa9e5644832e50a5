// The network as it was trained, its norm in W and b: z = h W + b and a = f(z), layer by layer.
// What matters to an answer comes by the way back, as in training: delta = ∂z[k]/∂z.

const model = JSON.parse(document.getElementById("model").textContent);
const layers = model.layers.map(({ weights, scale, biases, learned, activation }) => ({
  W: halves(weights, scale), // (inputs, neurons), row by row
  b: singles(biases),
  f: functionOf(activation, singles(learned)),
  activation,
}));
delete model.layers; // their text is as large as they are

function bytes(base64) {
  const letters = atob(base64);
  const found = new Uint8Array(letters.length);
  for (let i = 0; i < letters.length; i++) found[i] = letters.charCodeAt(i);
  return found;
}

function singles(base64) {
  return new Float32Array(bytes(base64).buffer);
}

/** Floats of 16 bits (IEEE 754), each times a scale. */
function halves(base64, scale) {
  const from = bytes(base64);
  const to = new Float32Array(from.length / 2);
  for (let i = 0; i < to.length; i++) {
    const bits = from[2 * i] | (from[2 * i + 1] << 8);
    const exponent = (bits >> 10) & 31;
    const fraction = (bits & 1023) / 1024;
    const size = exponent ? 2 ** (exponent - 15) * (1 + fraction) : 2 ** -14 * fraction;
    to[i] = scale * (bits & 0x8000 ? -size : size);
  }
  return to;
}

/** What a layer makes of its sums: an array of all of them in, one out. */
function functionOf({ name, slope, alpha }, learned) {
  const above = (z, below) => (z > 0 ? z : below);
  const each = {
    identity: (z) => z,
    sigmoid: (z) => 1 / (1 + Math.exp(-z)),
    tanh: Math.tanh,
    arctan: Math.atan,
    sqnl: (z) => {
      const c = Math.min(Math.max(z, -2), 2);
      return c - (c * Math.abs(c)) / 4;
    },
    relu: (z) => above(z, 0),
    leaky_relu: (z) => above(z, slope * z),
    prelu: (z, j) => above(z, learned[j] * z),
    elu: (z) => above(z, alpha * Math.expm1(z)),
    swish: (z) => z / (1 + Math.exp(-z)),
    gelu: (z) => (z / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (z + 0.044715 * z ** 3))),
  }[name];
  return name === "softmax" ? softmax : (z) => z.map(each);
}

function softmax(z) {
  const most = z.reduce((a, b) => Math.max(a, b));
  const powers = z.map((each) => Math.exp(each - most));
  const total = powers.reduce((a, b) => a + b);
  return powers.map((each) => each / total);
}

/** What an image of pixels from 0 to 255 becomes: h, z and a of each layer. */
function forward(pixels) {
  let h = Float32Array.from(pixels, (pixel) => pixel / 255);
  return layers.map(({ W, b, f }) => {
    const z = Float32Array.from(b);
    for (let i = 0; i < h.length; i++) {
      if (h[i] === 0) continue;
      for (let j = 0, row = i * z.length; j < z.length; j++) z[j] += h[i] * W[row + j];
    }
    const passed = { h, z, a: f(z) };
    h = passed.a;
    return passed;
  });
}

/** How sure the network is of each class. */
function probabilities(passes) {
  const { z } = passes.at(-1);
  const logSigmoid = (each) => Math.min(each, 0) - Math.log1p(Math.exp(-Math.abs(each)));
  const scores = model.output === "sigmoid" ? z.map(logSigmoid) : z;
  return softmax(Float64Array.from(scores, (each) => each / model.temperature));
}

/** For each layer, ∂z[k]/∂z and what each of its inputs did for z[k]: h ⊙ ∂z[k]/∂h. */
function shares(passes, k) {
  const found = [];
  let delta = passes.at(-1).z.map((_, j) => Number(j === k));
  for (let i = layers.length - 1; i >= 0; i--) {
    const { W } = layers[i];
    const slopes = passes[i].h.map((each, from) => {
      if (i === 0 && each === 0) return 0; // a black pixel did nothing, whatever its slope
      let sum = 0;
      for (let j = 0, row = from * delta.length; j < delta.length; j++) sum += W[row + j] * delta[j];
      return sum;
    });
    found[i] = { delta, did: slopes.map((slope, from) => slope * passes[i].h[from]) };
    if (i > 0) delta = throughActivation(layers[i - 1], passes[i - 1], slopes);
  }
  return found;
}

/** ∂/∂z from ∂/∂a, by the slope between two near points. */
function throughActivation({ f, activation }, { z, a }, slopes) {
  if (activation.name === "softmax") {
    const mean = a.reduce((sum, share, j) => sum + share * slopes[j], 0);
    return a.map((share, j) => share * (slopes[j] - mean));
  }
  const near = 2 ** -10;
  const above = f(Float64Array.from(z, (each) => each + near));
  const below = f(Float64Array.from(z, (each) => each - near));
  return z.map((_, j) => (slopes[j] * (above[j] - below[j])) / (2 * near));
}
