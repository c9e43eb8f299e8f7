// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Options in JavaScript's manner, written into the structures of the C interface.

import { invalid } from './errors.js';
import type { Runtime } from './runtime.js';
import { kDesc, kOptions } from './structs.js';

/** One number for both axes, or [vertical, horizontal]. */
export type Pair = number | readonly [number, number];
/** One number for all sides, or [top, left, bottom, right]. */
export type Padding = number | readonly [number, number, number, number];

export type Activation = 'none' | 'relu' | 'relu6' | 'clamp' | 'leaky_relu' | 'sigmoid' | 'tanh' | 'silu'
  | 'hard_sigmoid' | 'hard_swish' | 'mish' | 'gelu_tanh' | 'prelu';
/** Of numbers in memory: 'f16' is IEEE's binary16, 'bf16' the upper half of an 'f32'. */
export type DataType = 'f32' | 'f16' | 'bf16';
export type Algorithm = 'automatic' | 'direct' | 'winograd_f2' | 'winograd_f3' | 'winograd_f4'
  | 'winograd_f6';

export interface Conv2dOptions {
  inChannels: number;
  outChannels: number;
  height: number;
  width: number;
  /** Default 1. */
  batch?: number;
  /** Default 3. */
  kernel?: Pair;
  /** Default 1. */
  stride?: Pair;
  /** Default 1. */
  dilation?: Pair;
  /** Default 0. */
  padding?: Padding;
  /** Default 1. */
  groups?: number;
  /** Of src and dst. Default 'nchw'. */
  layout?: 'nchw' | 'nhwc';
  /** Default 'oihw'; TensorFlow has 'hwio'. */
  weightLayout?: 'oihw' | 'hwio';
  /** Of src, dst and residual; what is computed with them is f32. Default 'f32'. */
  dataType?: DataType;
  /** Of the weights given. Default 'f32'. */
  weightType?: DataType;
  /** Applied last. Default 'none'. */
  activation?: Activation;
  /** Of 'clamp'. */
  activationMin?: number;
  activationMax?: number;
  /** Of 'leaky_relu'. */
  leakySlope?: number;
  /** Of 'prelu': one for each output channel. Copied. */
  preluSlopes?: Float32Array;
  /** Whether run() adds a tensor of dst's shape before the activation. Default false. */
  residual?: boolean;
  /** Default 'automatic'. */
  algorithm?: Algorithm;
  /** Which algorithms 'automatic' may choose; 'half' packs weights as f16. Default 'standard'. */
  accuracy?: 'strict' | 'standard' | 'relaxed' | 'half';
  /** A cap of the memory for packed weights. */
  packedLimitBytes?: number;
}

function whole(name: string, value: number): number {
  if (!Number.isSafeInteger(value)) throw invalid(`${name} is ${value}, not a whole number`);
  return value;
}

function pair(name: string, value: Pair): [number, number] {
  const both = typeof value === 'number' ? [value, value] : value;
  if (both.length !== 2) throw invalid(`${name} has ${both.length} numbers, not 2`);
  return [whole(name, both[0]!), whole(name, both[1]!)];
}

function sides(value: Padding): number[] {
  const all = typeof value === 'number' ? [value, value, value, value] : value;
  if (all.length !== 4) throw invalid(`padding has ${all.length} numbers, not 4`);
  return all.map((side) => whole('padding', side));
}

const kKnown: ReadonlySet<string> = new Set<keyof Conv2dOptions>(['inChannels', 'outChannels',
  'height', 'width', 'batch', 'kernel', 'stride', 'dilation', 'padding', 'groups', 'layout',
  'weightLayout', 'dataType', 'weightType', 'activation', 'activationMin', 'activationMax', 'leakySlope',
  'preluSlopes', 'residual', 'algorithm', 'accuracy', 'packedLimitBytes']);

/** Fills a winograd_conv2d_desc at `desc` and a winograd_plan_options at `options`. */
export function describe(runtime: Runtime, given: Conv2dOptions, desc: number, options: number): void {
  for (const name of Object.keys(given)) {
    if (!kKnown.has(name)) throw invalid(`there is no option '${name}'`);
  }
  runtime.module._winograd_conv2d_desc_init!(desc, kDesc.size);
  runtime.module._winograd_plan_options_init!(options, kOptions.size);
  const view = runtime.view;
  const [kernelH, kernelW] = pair('kernel', given.kernel ?? 3);
  const [strideH, strideW] = pair('stride', given.stride ?? 1);
  const [dilationH, dilationW] = pair('dilation', given.dilation ?? 1);
  const [top, left, bottom, right] = sides(given.padding ?? 0) as [number, number, number, number];
  kDesc.set(view, desc, {
    batch: whole('batch', given.batch ?? 1),
    in_channels: whole('inChannels', given.inChannels),
    out_channels: whole('outChannels', given.outChannels),
    height: whole('height', given.height), width: whole('width', given.width),
    kernel_h: kernelH, kernel_w: kernelW, stride_h: strideH, stride_w: strideW,
    dilation_h: dilationH, dilation_w: dilationW,
    pad_top: top, pad_left: left, pad_bottom: bottom, pad_right: right,
    groups: whole('groups', given.groups ?? 1),
    layout: runtime.number('layout', given.layout ?? 'nchw'),
    residual: given.residual === true ? 1 : 0,
    activation: runtime.number('activation', given.activation ?? 'none'),
    data_type: runtime.number('data_type', given.dataType ?? 'f32'),
  });
  if (given.activationMin !== undefined) kDesc.set(view, desc, { activation_min: given.activationMin });
  if (given.activationMax !== undefined) kDesc.set(view, desc, { activation_max: given.activationMax });
  if (given.leakySlope !== undefined) kDesc.set(view, desc, { leaky_slope: given.leakySlope });

  const weightLayouts = ['oihw', 'hwio'];
  const weightLayout = weightLayouts.indexOf(given.weightLayout ?? 'oihw');
  if (weightLayout < 0) {
    throw invalid(`weightLayout is '${given.weightLayout}', which is none of ${weightLayouts.join(', ')}`);
  }
  kOptions.set(view, options, {
    algorithm: runtime.number('algorithm', given.algorithm ?? 'automatic'),
    accuracy: runtime.number('accuracy', given.accuracy ?? 'standard'),
    weight_layout: weightLayout,
  });
  if (given.packedLimitBytes !== undefined) {
    kOptions.set(view, options, { packed_limit_bytes: whole('packedLimitBytes', given.packedLimitBytes) });
  }
}
