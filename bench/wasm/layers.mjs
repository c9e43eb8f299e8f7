// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The layers that are compared: of networks that run in browsers. All with stride 1 and padding that
// keeps the size, a bias and a ReLU.

/** least: what the contender's time over ours should reach, by the contender's name. */
function layer(name, channels, extent, outputs, kernel, least, groups = 1) {
  return { name, inChannels: channels, outChannels: outputs, height: extent, width: extent, kernel, groups, least };
}

const deep = { tensorflow: 2.5, onnxruntime: 3.5 };
const shallow = { tensorflow: 2, onnxruntime: 2 };
const other = { tensorflow: 1 };

export const layers = [
  layer('3x3 64x56->64', 64, 56, 64, 3, deep),
  layer('3x3 64x28->64', 64, 28, 64, 3, deep),
  layer('3x3 128x28->128', 128, 28, 128, 3, deep),
  layer('3x3 128x14->128', 128, 14, 128, 3, deep),
  layer('3x3 256x14->256', 256, 14, 256, 3, deep),
  layer('3x3 32x56->32', 32, 56, 32, 3, shallow),
  layer('3x3 160x64->32', 160, 64, 32, 3, shallow),
  layer('3x3 3x112->32', 3, 112, 32, 3, {}),
  layer('1x1 64x28->64', 64, 28, 64, 1, other),
  layer('1x1 128x28->64', 128, 28, 64, 1, other),
  layer('depthwise 64x56', 64, 56, 64, 3, other, 64),
  layer('depthwise 256x14', 256, 14, 256, 3, other, 256),
];

/** Numbers in [-1, 1), the same for the same seed. */
export function numbers(length, seed) {
  let state = seed;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** src NHWC, weights HWIO, bias. */
export function tensors({ inChannels, outChannels, height, width, kernel, groups }) {
  const perGroup = inChannels / groups;
  const scale = 1 / Math.sqrt(perGroup * kernel * kernel);
  return {
    src: numbers(height * width * inChannels, 1),
    weights: numbers(kernel * kernel * perGroup * outChannels, 2).map((value) => value * scale),
    bias: numbers(outChannels, 3),
  };
}

/** Of `count` places of dst (NHWC): [place, value by the formula in double precision]. */
export function expected(layer, { src, weights, bias }, count = 400) {
  const { inChannels, outChannels, height, width, kernel, groups } = layer;
  const perGroup = inChannels / groups, half = (kernel - 1) / 2;
  const length = height * width * outChannels;
  return Array.from({ length: count }, (_, i) => {
    const place = i < 2 ? i * (length - 1) : (i * 2654435761) % length;
    const k = place % outChannels, x = Math.floor(place / outChannels) % width;
    const y = Math.floor(place / outChannels / width);
    const first = Math.floor(k / (outChannels / groups)) * perGroup;
    let sum = bias[k];
    for (let r = 0; r < kernel; ++r) {
      for (let s = 0; s < kernel; ++s) {
        const row = y + r - half, column = x + s - half;
        if (row < 0 || row >= height || column < 0 || column >= width) continue;
        for (let c = 0; c < perGroup; ++c) {
          sum += src[(row * width + column) * inChannels + first + c]
            * weights[((r * kernel + s) * perGroup + c) * outChannels + k];
        }
      }
    }
    return [place, Math.max(sum, 0)];
  });
}
