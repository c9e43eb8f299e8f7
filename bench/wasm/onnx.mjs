// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// A model of one convolution in ONNX's format, which is a protocol buffer (onnx.proto): fields are
// a number and a type, then a varint, or a length and that many bytes.

function varint(value) {
  const bytes = [];
  while (value > 127) {
    bytes.push((value & 127) | 128);
    value = Math.floor(value / 128);
  }
  return [...bytes, value];
}

const int = (field, value) => Uint8Array.from([...varint(field * 8), ...varint(value)]);

function join(parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function bytes(field, ...parts) {
  const content = join(parts);
  return join([Uint8Array.from([...varint(field * 8 + 2), ...varint(content.length)]), content]);
}

const text = (field, value) => bytes(field, new TextEncoder().encode(value));

const float = 1;
const tensor = (field, name, shape, values) => bytes(field, ...shape.map((extent) => int(1, extent)),
  int(2, float), text(8, name), bytes(9, new Uint8Array(values.buffer, values.byteOffset, values.byteLength)));

const value = (field, name, shape) => bytes(field, text(1, name), bytes(2, bytes(1, int(1, float),
  bytes(2, ...shape.map((extent) => bytes(1, int(1, extent)))))));

const ints = (name, values) => bytes(5, text(1, name), ...values.map((one) => int(8, one)), int(20, 7));

/** Convolution and ReLU; src and dst are NCHW, weights (oihw) OIHW. */
export function convolution({ inChannels, outChannels, height, width, kernel, groups }, oihw, bias) {
  const half = (kernel - 1) / 2;
  const graph = bytes(7,
    bytes(1, text(1, 'x'), text(1, 'w'), text(1, 'b'), text(2, 'sum'), text(4, 'Conv'),
      ints('kernel_shape', [kernel, kernel]), ints('pads', [half, half, half, half]),
      bytes(5, text(1, 'group'), int(3, groups), int(20, 2))),
    bytes(1, text(1, 'sum'), text(2, 'y'), text(4, 'Relu')),
    text(2, 'layer'),
    tensor(5, 'w', [outChannels, inChannels / groups, kernel, kernel], oihw),
    tensor(5, 'b', [outChannels], bias),
    value(11, 'x', [1, inChannels, height, width]),
    value(12, 'y', [1, outChannels, height, width]));
  return join([int(1, 7), graph, bytes(8, text(1, ''), int(2, 13))]);
}
