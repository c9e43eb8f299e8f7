// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// From a TensorFlow.js layers model to a Graph.

import { invalid, WinogradError } from '../errors.js';
import type { Activate, Conv, Graph, Node } from './graph.js';
import type { Tensor } from './weights.js';

export interface Config {
  [setting: string]: unknown;
}

interface Layer {
  class_name: string;
  name: string;
  config: Config;
  inbound_nodes?: unknown[];
}

/** Thrown for one layer, gathered for all. */
class Unsupported extends Error {}

type Settings = Partial<Pick<Activate, 'activation' | 'activationMin' | 'activationMax' | 'leakySlope'>>;

interface Context {
  name: string;
  config: Config;
  inputs: string[];
  /** Of the first input. */
  channels: number;
  weights(kind: string): Tensor;
  has(kind: string): boolean;
}

function demand(config: Config, setting: string, ...allowed: unknown[]): void {
  const value = config[setting];
  if (value === undefined || allowed.some((one) => JSON.stringify(one) === JSON.stringify(value))) return;
  throw new Unsupported(`${setting} is ${JSON.stringify(value)}`);
}

function pair(config: Config, setting: string): [number, number] {
  const value = config[setting] ?? [1, 1];
  const both = Array.isArray(value) ? value : [value, value];
  if (both.length !== 2 || !both.every((one) => Number.isInteger(one) && one >= 1)) {
    throw new Unsupported(`${setting} is ${JSON.stringify(value)}`);
  }
  return [both[0], both[1]];
}

function activationOf(name: unknown): Settings {
  switch (name) {
    case undefined: case null: case 'linear': return {};
    case 'relu': case 'relu6': case 'sigmoid': case 'tanh': case 'mish': return { activation: name };
    case 'swish': case 'silu': return { activation: 'silu' };
    case 'gelu_new': return { activation: 'gelu_tanh' };
    case 'leaky_relu': return { activation: 'leaky_relu', leakySlope: 0.2 };
    default: throw new Unsupported(`activation is ${JSON.stringify(name)}`);
  }
}

/** The activation, and whether it does anything. */
function activate(context: Context, settings: Settings): Node | null {
  if (settings.activation === undefined) return null;
  return { kind: 'activate', name: context.name, inputs: context.inputs, channels: context.channels,
    activation: settings.activation, ...settings };
}

function convolution(context: Context, depthwise: boolean): Conv {
  const { name, config, inputs, channels } = context;
  demand(config, 'data_format', 'channels_last', null);
  demand(config, 'padding', 'same', 'valid');
  const kernel = context.weights(depthwise ? 'depthwise_kernel' : 'kernel');
  const [height, width, rows, columns] = kernel.shape;
  if (kernel.shape.length !== 4) throw new Unsupported(`its kernel has ${kernel.shape.length} axes`);
  const groups = depthwise ? channels : Number(config.groups ?? 1);
  if (depthwise ? rows !== channels : rows! * groups !== channels) {
    throw invalid(`layer '${name}' has weights for ${depthwise ? rows : rows! * groups} channels, `
      + `but its input has ${channels}`);
  }
  return {
    kind: 'conv', name, inputs, inChannels: channels,
    // TensorFlow's depthwise kernels are [h, w, channel, multiple], which is HWIO with one input each.
    outChannels: depthwise ? rows! * columns! : columns!,
    kernel: [height!, width!], stride: pair(config, 'strides'), dilation: pair(config, 'dilation_rate'),
    groups, padding: config.padding === 'same' ? 'same' : 'valid', weights: kernel.values,
    bias: config.use_bias === false ? null : context.weights('bias').values,
    activation: 'none', ...activationOf(config.activation),
  };
}

function normalization(context: Context): Node {
  const { name, config, inputs, channels } = context;
  demand(config, 'axis', 3, -1, [3], [-1]);
  const values = (kind: string, other: number) => context.has(kind) ? context.weights(kind).values
    : new Float32Array(channels).fill(other);
  const gamma = values('gamma', 1), beta = values('beta', 0);
  const mean = values('moving_mean', 0), variance = values('moving_variance', 1);
  const epsilon = Number(config.epsilon ?? 1e-3);
  const scale = gamma.map((value, c) => value / Math.sqrt(variance[c]! + epsilon));
  const shift = beta.map((value, c) => value - mean[c]! * scale[c]!);
  return { kind: 'affine', name, inputs, scale, shift };
}

function affine(context: Context, scale: unknown, shift: unknown): Node {
  if (typeof scale !== 'number' || typeof shift !== 'number') {
    throw new Unsupported('its factor is not one number');
  }
  const { name, inputs, channels } = context;
  return { kind: 'affine', name, inputs, scale: new Float32Array(channels).fill(scale),
    shift: new Float32Array(channels).fill(shift) };
}

function rectifier(context: Context): Node | null {
  const { config } = context;
  const most = config.max_value ?? null;
  const slope = Number(config.negative_slope ?? 0);
  demand(config, 'threshold', 0, null);
  if (slope !== 0) {
    demand(config, 'max_value', null);
    return activate(context, { activation: 'leaky_relu', leakySlope: slope });
  }
  return activate(context, most === null ? { activation: 'relu' }
    : { activation: 'clamp', activationMin: 0, activationMax: Number(most) });
}

/** The node for a layer; null for one that does nothing. */
function nodeFor(layer: Layer, context: Context): Node | null {
  const { name, config, inputs, channels } = context;
  // Layers of the networks' own, by the names that they were given: PixelShuffle4x and the like.
  if (layer.class_name.startsWith('PixelShuffle')) {
    const block = Number(config.scale);
    if (!Number.isInteger(block) || block < 1 || channels % block ** 2 !== 0) {
      throw new Unsupported(`scale is ${JSON.stringify(config.scale)}`);
    }
    return { kind: 'shuffle', name, inputs, block };
  }
  switch (layer.class_name) {
    case 'Conv2D': return convolution(context, false);
    case 'DepthwiseConv2D': return convolution(context, true);
    case 'BatchNormalization': return normalization(context);
    case 'Rescaling': return affine(context, config.scale, config.offset ?? 0);
    case 'MultiplyBeta': return affine(context, config.beta, 0);
    case 'Activation': return activate(context, activationOf(config.activation));
    case 'ReLU': return rectifier(context);
    case 'LeakyReLU':
      return activate(context, { activation: 'leaky_relu',
        leakySlope: Number(config.alpha ?? config.negative_slope ?? 0.3) });
    case 'Dropout': return null;
    case 'Add': return { kind: 'add', name, inputs, channels };
    case 'Concatenate':
      demand(config, 'axis', 3, -1);
      return { kind: 'concat', name, inputs };
    case 'UpSampling2D':
      demand(config, 'data_format', 'channels_last', null);
      demand(config, 'interpolation', 'nearest');
      return { kind: 'upsample', name, inputs, size: pair(config, 'size') };
    default: throw new Unsupported(layer.class_name);
  }
}

function outChannels(node: Node, channels: Map<string, number>): number {
  const first = channels.get(node.inputs[0]!)!;
  switch (node.kind) {
    case 'conv': return node.outChannels;
    case 'shuffle': return first / node.block ** 2;
    case 'concat': return node.inputs.reduce((sum, input) => sum + channels.get(input)!, 0);
    default: return first;
  }
}

/** The names of the layers that a layer reads. Formats differ: [["name", 0, 0, {}], ...], once. */
function inputsOf(layer: Layer): string[] {
  const nodes = layer.inbound_nodes ?? [];
  if (nodes.length > 1) throw new Unsupported('it is used more than once');
  const entries = (nodes[0] ?? []) as unknown[];
  return entries.map((entry) => {
    if (!Array.isArray(entry) || typeof entry[0] !== 'string') {
      throw new Unsupported('its inbound_nodes are of another format');
    }
    return entry[0];
  });
}

interface Model {
  layers: Layer[];
  input: string;
  output: string;
}

function readModel(topology: unknown): Model {
  const outer = topology as { model_config?: unknown; class_name?: string };
  const { class_name: kind, config } = (outer?.model_config ?? outer ?? {}) as
    { class_name?: string; config?: Config | Layer[] };
  const layers = (Array.isArray(config) ? config : config?.layers) as Layer[] | undefined;
  if (!Array.isArray(layers) || layers.length === 0) {
    throw invalid('the model has no list of layers: it is not a layers model of TensorFlow.js');
  }
  for (const layer of layers) {
    layer.name ??= String(layer.config?.name);
    layer.config ??= {};
  }
  if (kind === 'Sequential') {
    let last: string | undefined;
    const listed: Layer[] = [];
    if (layers[0]!.class_name !== 'InputLayer') {
      listed.push({ class_name: 'InputLayer', name: 'input', config: layers[0]!.config });
      last = 'input';
    }
    for (const layer of layers) {
      listed.push({ ...layer, inbound_nodes: last === undefined ? [] : [[[last, 0, 0, {}]]] });
      last = layer.name;
    }
    return { layers: listed, input: listed[0]!.name, output: last! };
  }
  const ends = (name: string): string => {
    const value = (config as Config)[name] as unknown[];
    // [["name", 0, 0]], or without the outer brackets if there is one.
    const list = Array.isArray(value) && typeof value[0] === 'string' ? [value] : value;
    if (!Array.isArray(list) || list.length !== 1) {
      throw new WinogradError('unsupported', `the model has ${list?.length ?? 0} ${name}, not 1`);
    }
    return (list[0] as string[])[0]!;
  };
  return { layers, input: ends('input_layers'), output: ends('output_layers') };
}

/** The layers that `output` depends on, each behind what it reads. */
function inOrder(layers: Layer[], output: string, inputs: Map<string, string[]>): Layer[] {
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  const ordered: Layer[] = [];
  const state = new Map<string, 'open' | 'done'>();
  // A stack of its own: networks are deeper than the call stack may be.
  const stack = [output];
  while (stack.length > 0) {
    const name = stack.at(-1)!;
    const layer = byName.get(name);
    if (layer === undefined) throw invalid(`there is no layer '${name}'`);
    const waiting = (inputs.get(name) ?? []).filter((one) => state.get(one) !== 'done');
    if (state.get(name) === 'done') {
      stack.pop();
    } else if (waiting.length === 0) {
      state.set(name, 'done');
      ordered.push(layer);
      stack.pop();
    } else {
      if (state.get(name) === 'open' && waiting.some((one) => state.get(one) === 'open')) {
        throw invalid(`layer '${name}' depends on itself`);
      }
      state.set(name, 'open');
      stack.push(...waiting);
    }
  }
  return ordered;
}

function inputChannels(layer: Layer): number {
  const shape = (layer.config.batch_input_shape ?? layer.config.batch_shape) as unknown;
  if (!Array.isArray(shape) || shape.length !== 4 || !Number.isInteger(shape[3])) {
    throw new WinogradError('unsupported',
      `the input's shape is ${JSON.stringify(shape)}, not that of images with a number of channels`);
  }
  return shape[3];
}

export function readGraph(topology: unknown, weights: Map<string, Tensor>): Graph {
  const model = readModel(topology);
  const problems: string[] = [];
  const inputs = new Map<string, string[]>();
  for (const layer of model.layers) {
    try {
      inputs.set(layer.name, inputsOf(layer));
    } catch (error) {
      if (!(error instanceof Unsupported)) throw error;
      problems.push(`${layer.name} (${layer.class_name}: ${error.message})`);
    }
  }

  const graph: Graph = { input: model.input, inChannels: 0, output: model.output, nodes: [],
    channels: new Map() };
  const same = new Map<string, string>(); // of layers that do nothing: what they pass on
  for (const layer of problems.length === 0 ? inOrder(model.layers, model.output, inputs) : []) {
    const { name } = layer;
    if (layer.class_name === 'InputLayer') {
      graph.inChannels = inputChannels(layer);
      graph.channels.set(name, graph.inChannels);
      continue;
    }
    const reads = inputs.get(name)!.map((input) => same.get(input) ?? input);
    const find = (kind: string) => weights.get(`${name}/${kind}`)
      ?? [...weights].find(([key]) => key.endsWith(`/${name}/${kind}`))?.[1];
    const context: Context = {
      name, config: layer.config, inputs: reads, channels: graph.channels.get(reads[0]!) ?? 0,
      has: (kind) => find(kind) !== undefined,
      weights: (kind) => {
        const tensor = find(kind);
        if (tensor === undefined) throw invalid(`there are no weights '${name}/${kind}'`);
        return tensor;
      },
    };
    try {
      const node = nodeFor(layer, context);
      if (node === null) {
        same.set(name, reads[0]!);
      } else {
        graph.nodes.push(node);
        graph.channels.set(name, outChannels(node, graph.channels));
      }
    } catch (error) {
      if (!(error instanceof Unsupported)) throw error;
      const what = error.message === layer.class_name ? '' : `: ${error.message}`;
      problems.push(`${name} (${layer.class_name}${what})`);
      graph.channels.set(name, context.channels); // so that later ones are named too
    }
  }
  if (problems.length > 0) {
    const shown = problems.slice(0, 8).join(', ') + (problems.length > 8 ? ', ...' : '');
    throw new WinogradError('unsupported', `layers that are not supported: ${shown}`);
  }
  graph.output = same.get(graph.output) ?? graph.output;
  return graph;
}
