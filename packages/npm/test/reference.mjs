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
