// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// A network as this package sees it. Tensors are NHWC images and have the name of what makes them.

import type { Activation } from '../description.js';

export interface Conv {
  kind: 'conv';
  name: string;
  /** One tensor, or several side by side along the channels. */
  inputs: string[];
  /** Added before the activation. */
  residual?: string;
  inChannels: number;
  outChannels: number;
  kernel: [number, number];
  stride: [number, number];
  dilation: [number, number];
  groups: number;
  /** As TensorFlow means it: 'same' pads so that the output has ceil(input / stride) pixels. */
  padding: 'same' | 'valid';
  /** HWIO. */
  weights: Float32Array;
  bias: Float32Array | null;
  activation: Activation;
  activationMin?: number;
  activationMax?: number;
  leakySlope?: number;
}

/** scale * x + shift, both of them one number a channel. */
export interface Affine {
  kind: 'affine';
  name: string;
  inputs: string[];
  scale: Float32Array;
  shift: Float32Array;
}

export interface Activate {
  kind: 'activate';
  name: string;
  inputs: string[];
  channels: number;
  activation: Activation;
  activationMin?: number;
  activationMax?: number;
  leakySlope?: number;
}

export interface Add {
  kind: 'add';
  name: string;
  inputs: string[];
  channels: number;
}

export interface Concat {
  kind: 'concat';
  name: string;
  inputs: string[];
}

/** Depth to space: channel (y * block + x) * C + c of a pixel goes to channel c of pixel (y, x). */
export interface Shuffle {
  kind: 'shuffle';
  name: string;
  inputs: string[];
  block: number;
}

/** Each pixel `size` times. */
export interface Upsample {
  kind: 'upsample';
  name: string;
  inputs: string[];
  size: [number, number];
}

export type Node = Conv | Affine | Activate | Add | Concat | Shuffle | Upsample;
/** What is left when all that can be is part of a convolution. */
export type Step = Conv | Concat | Shuffle | Upsample;

export interface Graph<Kind extends Node = Node> {
  input: string;
  inChannels: number;
  output: string;
  /** Each behind what it reads. */
  nodes: Kind[];
  /** Of each tensor. */
  channels: Map<string, number>;
}

/** A depthwise 1x1 convolution: scale * x + shift. With ones it is exact. */
export function pointwise(name: string, input: string, scale: Float32Array,
  shift: Float32Array | null): Conv {
  return {
    kind: 'conv', name, inputs: [input], inChannels: scale.length, outChannels: scale.length,
    kernel: [1, 1], stride: [1, 1], dilation: [1, 1], groups: scale.length, padding: 'valid',
    weights: scale, bias: shift, activation: 'none',
  };
}
