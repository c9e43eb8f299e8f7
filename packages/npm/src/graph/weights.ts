// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The tensors of a TensorFlow.js weights manifest: listed in the order of their bytes in the
// concatenated files, perhaps stored as integers q with value = q * scale + min.

import { invalid, WinogradError } from '../errors.js';

interface Quantization {
  dtype: string;
  scale?: number;
  min?: number;
}

export interface WeightEntry {
  name: string;
  shape: number[];
  dtype: string;
  quantization?: Quantization;
}

export interface WeightGroup {
  paths: string[];
  weights: WeightEntry[];
}

export interface Tensor {
  shape: number[];
  values: Float32Array;
}

function fromHalf(bits: number): number {
  const sign = bits >> 15 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24
    : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const kStored: Record<string, number> = { uint8: 1, uint16: 2, float16: 2, float32: 4, int32: 4, bool: 1 };

function decode(entry: WeightEntry, data: DataView, offset: number, count: number): Float32Array {
  const values = new Float32Array(count);
  const stored = entry.quantization?.dtype ?? entry.dtype;
  const { scale = 1, min = 0 } = entry.quantization ?? {};
  for (let i = 0; i < count; ++i) {
    switch (stored) {
      // In double, rounded once.
      case 'uint8': values[i] = data.getUint8(offset + i) * scale + min; break;
      case 'uint16': values[i] = data.getUint16(offset + 2 * i, true) * scale + min; break;
      case 'float16': values[i] = fromHalf(data.getUint16(offset + 2 * i, true)); break;
      default: values[i] = data.getFloat32(offset + 4 * i, true);
    }
  }
  return values;
}

/** All tensors by name. `data` are the bytes of all groups, one after another. */
export function readWeights(manifest: WeightGroup[], data: ArrayBuffer): Map<string, Tensor> {
  const tensors = new Map<string, Tensor>();
  const view = new DataView(data);
  let offset = 0;
  for (const entry of manifest.flatMap((group) => group.weights)) {
    const count = entry.shape.reduce((product, extent) => product * extent, 1);
    const stored = entry.quantization?.dtype ?? entry.dtype;
    const bytes = kStored[stored];
    if (bytes === undefined) {
      throw new WinogradError('unsupported', `weights '${entry.name}' are stored as ${stored}`);
    }
    if (!Number.isSafeInteger(count) || count < 0 || offset + bytes * count > data.byteLength) {
      throw invalid(`weights '${entry.name}' end after the ${data.byteLength} bytes that there are`);
    }
    if (entry.dtype === 'float32') {
      tensors.set(entry.name.replace(/:\d+$/, ''),
        { shape: entry.shape, values: decode(entry, view, offset, count) });
    }
    offset += bytes * count;
  }
  if (offset !== data.byteLength) {
    throw invalid(`the weights have ${data.byteLength} bytes, ${offset} are described`);
  }
  return tensors;
}
