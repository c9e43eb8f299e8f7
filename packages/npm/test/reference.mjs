// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Convolutions by their formula, in double precision, and numbers to feed them.

/** Numbers in [-1, 1), the same for the same seed. */
export function random(length, seed) {
  let state = seed >>> 0 || 1;
  return Float32Array.from({ length }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 31 - 1;
  });
}

/** Like createConv2d(...).run(src), with pairs written out and the padding as four numbers. */
export function conv2d(options, weights, bias, src, residual) {
  const { inChannels, outChannels, height, width, batch = 1, kernel = [3, 3], stride = [1, 1],
    dilation = [1, 1], padding = [0, 0, 0, 0], groups = 1, layout = 'nchw', weightLayout = 'oihw',
    activate = (x) => x } = options;
  const [top, left, bottom, right] = padding;
  const span = (axis) => dilation[axis] * (kernel[axis] - 1) + 1;
  const outH = Math.floor((height + top + bottom - span(0)) / stride[0]) + 1;
  const outW = Math.floor((width + left + right - span(1)) / stride[1]) + 1;
  const perGroup = inChannels / groups;
  const at = (n, c, y, x, channels, rows, columns) => layout === 'nchw'
    ? ((n * channels + c) * rows + y) * columns + x : ((n * rows + y) * columns + x) * channels + c;
  const dst = new Float64Array(batch * outChannels * outH * outW);
  for (let n = 0; n < batch; ++n) {
    for (let k = 0; k < outChannels; ++k) {
      const first = Math.floor(k / (outChannels / groups)) * perGroup;
      for (let y = 0; y < outH; ++y) {
        for (let x = 0; x < outW; ++x) {
          let sum = bias ? bias[k] : 0;
          for (let i = 0; i < kernel[0]; ++i) {
            const row = y * stride[0] + i * dilation[0] - top;
            if (row < 0 || row >= height) continue;
            for (let j = 0; j < kernel[1]; ++j) {
              const column = x * stride[1] + j * dilation[1] - left;
              if (column < 0 || column >= width) continue;
              for (let c = 0; c < perGroup; ++c) {
                const weight = weightLayout === 'oihw'
                  ? weights[((k * perGroup + c) * kernel[0] + i) * kernel[1] + j]
                  : weights[((i * kernel[1] + j) * perGroup + c) * outChannels + k];
                sum += weight * src[at(n, first + c, row, column, inChannels, height, width)];
              }
            }
          }
          const place = at(n, k, y, x, outChannels, outH, outW);
          dst[place] = activate(sum + (residual ? residual[place] : 0));
        }
      }
    }
  }
  return dst;
}

/** The root of the mean square of the difference, over that of `expected`. */
export function relativeError(actual, expected) {
  if (actual.length !== expected.length) return Infinity;
  let difference = 0;
  let power = 0;
  for (let i = 0; i < expected.length; ++i) {
    difference += (actual[i] - expected[i]) ** 2;
    power += expected[i] ** 2;
  }
  return Math.sqrt(difference / power);
}

// The types of 16 bits, as bits in a Uint16Array.

const word = new DataView(new ArrayBuffer(4));

/** Rounded to nearest, ties to even: the upper half of the float. */
function bf16Bits(value) {
  word.setFloat32(0, value);
  const bits = word.getUint32(0);
  return ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff;
}

/** Of |value| < 65504. */
function f16Bits(value) {
  const size = Math.abs(value);
  const sign = Object.is(Math.sign(value), -1) || Object.is(value, -0) ? 0x8000 : 0;
  if (size === 0) return sign;
  const exponent = Math.max(Math.floor(Math.log2(size)), -14);
  const scaled = size * 2 ** (10 - exponent); // exact; 1024 to 2047 but for subnormal numbers
  const below = Math.floor(scaled);
  const rest = scaled - below;
  const rounded = below + (rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? 1 : 0);
  return sign + (exponent + 14) * 1024 + rounded; // a carry goes on into the exponent
}

function f16Value(bits) {
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  const size = exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25);
  return bits & 0x8000 ? -size : size;
}

function bf16Value(bits) {
  word.setUint32(0, bits * 65536);
  return word.getFloat32(0);
}

const kTypes = { f16: [f16Bits, f16Value], bf16: [bf16Bits, bf16Value] };
export const toBits = (type, floats) => Uint16Array.from(floats, kTypes[type][0]);
export const toFloats = (type, bits) => Float32Array.from(bits, kTypes[type][1]);
