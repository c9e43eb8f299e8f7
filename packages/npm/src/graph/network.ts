// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// A fused graph in the module's memory: packed weights once, plans and tensors for one size of image
// at a time.

import { describe, type Conv2dOptions } from '../description.js';
import { WinogradError } from '../errors.js';
import type { Runtime } from '../runtime.js';
import { kDesc, kOptions, kPart } from '../structs.js';
import type { Concat, Conv, Graph, Shuffle, Step, Upsample } from './graph.js';
import { assignSlots } from './slots.js';

interface Extent {
  height: number;
  width: number;
}

/** One step for one size: what it costs, in multiply-adds, and how it is done. */
interface Action {
  cost: number;
  run(): void;
}

/** All that has to be freed; apart from Network, so that a finalizer can have it. */
class Holdings {
  readonly packed = new Map<string, number>();
  plans: number[] = [];
  blocks: number[] = [];

  constructor(readonly runtime: Runtime) {
    runtime.retain();
  }

  dropShape(): void {
    for (const plan of this.plans) this.runtime.module._winograd_conv2d_plan_destroy!(plan);
    for (const block of this.blocks) this.runtime.free(block);
    this.plans = [];
    this.blocks = [];
  }

  dropAll(): void {
    this.dropShape();
    for (const weights of this.packed.values()) {
      this.runtime.module._winograd_packed_weights_destroy!(weights);
    }
    this.packed.clear();
    this.runtime.release();
  }
}

const leftovers = new FinalizationRegistry<Holdings>((holdings) => holdings.dropAll());

/** Top, left, bottom, right, and the output's extent. */
function geometry(conv: Conv, input: Extent): { padding: [number, number, number, number]; out: Extent } {
  const axis = (length: number, i: 0 | 1) => {
    const span = conv.dilation[i] * (conv.kernel[i] - 1) + 1;
    if (conv.padding === 'valid') return { before: 0, after: 0, out: Math.floor((length - span) / conv.stride[i]) + 1 };
    const out = Math.ceil(length / conv.stride[i]);
    const all = Math.max((out - 1) * conv.stride[i] + span - length, 0);
    return { before: Math.floor(all / 2), after: all - Math.floor(all / 2), out };
  };
  const y = axis(input.height, 0), x = axis(input.width, 1);
  return { padding: [y.before, x.before, y.after, x.after], out: { height: y.out, width: x.out } };
}

export class Network {
  readonly #held: Holdings;
  readonly #channels: Map<string, number>;
  #extents = new Map<string, Extent>();
  #pointers = new Map<string, number>();
  #actions: Action[] = [];
  #ready: Extent | undefined;

  constructor(readonly runtime: Runtime, readonly graph: Graph<Step>) {
    this.#channels = graph.channels;
    this.#held = new Holdings(runtime);
    leftovers.register(this, this.#held, this);
  }

  get cost(): number {
    return this.#actions.reduce((sum, action) => sum + action.cost, 0);
  }

  get actions(): readonly Action[] {
    return this.#actions;
  }

  get packedBytes(): number {
    let sum = 0;
    for (const weights of this.#held.packed.values()) {
      sum += this.runtime.module._winograd_packed_weights_size_bytes!(weights);
    }
    return sum;
  }

  get outExtent(): Extent {
    return this.#extents.get(this.graph.output)!;
  }

  /** The image to be read; a view that lives until something is allocated. */
  get src(): Float32Array {
    return this.#tensor(this.graph.input);
  }

  get dst(): Float32Array {
    return this.#tensor(this.graph.output);
  }

  #length(name: string): number {
    const { height, width } = this.#extents.get(name)!;
    return height * width * this.#channels.get(name)!;
  }

  #tensor(name: string): Float32Array {
    return this.runtime.floats(this.#pointers.get(name)!, this.#length(name));
  }

  dispose(): void {
    leftovers.unregister(this);
    this.#held.dropAll();
  }

  /** Plans for images of this size. */
  prepare(image: Extent): void {
    if (this.#ready?.height === image.height && this.#ready.width === image.width) return;
    this.#ready = undefined;
    this.#held.dropShape();
    this.#extents = new Map([[this.graph.input, image]]);
    for (const step of this.graph.nodes) this.#extents.set(step.name, this.#extentOf(step));

    const lengths = new Map([...this.#extents.keys()].map((name) => [name, this.#length(name)]));
    const slots = assignSlots(this.graph.nodes, this.graph.input, this.graph.output, lengths);
    const blocks = slots.floats.map((floats) => {
      const block = this.runtime.allocate(4 * floats);
      this.#held.blocks.push(block);
      return block;
    });
    this.#pointers = new Map([...slots.of].map(([name, slot]) => [name, blocks[slot]!]));
    this.#actions = this.graph.nodes.map((step) => this.#action(step));
    this.#ready = image;
  }

  #extentOf(step: Step): Extent {
    const input = this.#extents.get(step.inputs[0]!)!;
    const check = (one: Extent, name: string) => {
      const other = this.#extents.get(name)!;
      if (other.height !== one.height || other.width !== one.width) {
        throw new WinogradError('invalid_argument', `'${step.name}' joins images of ${one.height} x `
          + `${one.width} and ${other.height} x ${other.width}`);
      }
    };
    for (const name of step.inputs) check(input, name);
    switch (step.kind) {
      case 'conv': {
        const { out } = geometry(step, input);
        if (step.residual !== undefined) check(out, step.residual);
        return out;
      }
      case 'concat': return input;
      case 'shuffle': return { height: input.height * step.block, width: input.width * step.block };
      case 'upsample':
        return { height: input.height * step.size[0], width: input.width * step.size[1] };
    }
  }

  #action(step: Step): Action {
    switch (step.kind) {
      case 'conv': return this.#convolution(step);
      case 'concat': return this.#concatenation(step);
      case 'shuffle': return this.#shuffle(step);
      case 'upsample': return this.#upsampling(step);
    }
  }

  #convolution(conv: Conv): Action {
    const { runtime } = this;
    const input = this.#extents.get(conv.inputs[0]!)!;
    const { padding, out } = geometry(conv, input);
    const desc = runtime.arguments;
    const planOptions = desc + kDesc.size;
    const result = planOptions + kOptions.size;
    const { inChannels, outChannels, kernel, stride, dilation, groups } = conv;
    const options: Conv2dOptions = {
      inChannels, outChannels, kernel, stride, dilation, groups, padding, ...input,
      layout: 'nhwc', weightLayout: 'hwio', residual: conv.residual !== undefined,
      activation: conv.activation,
    };
    if (conv.activationMin !== undefined) options.activationMin = conv.activationMin;
    if (conv.activationMax !== undefined) options.activationMax = conv.activationMax;
    if (conv.leakySlope !== undefined) options.leakySlope = conv.leakySlope;
    describe(runtime, options, desc, planOptions);
    try {
      runtime.call('conv2d_plan_create_packed', desc, planOptions,
        this.#held.packed.get(conv.name) ?? this.#pack(conv, desc, planOptions, result), result);
    } catch (error) {
      if (error instanceof WinogradError) throw new WinogradError(error.code, `'${conv.name}': ${error.message}`);
      throw error;
    }
    const plan = runtime.view.getUint32(result, true);
    this.#held.plans.push(plan);

    const at = (name: string) => this.#pointers.get(name)!;
    const dst = at(conv.name);
    const residual = conv.residual === undefined ? 0 : at(conv.residual);
    const cost = out.height * out.width * outChannels * (inChannels / groups) * kernel[0] * kernel[1];
    if (conv.inputs.length === 1) {
      const src = at(conv.inputs[0]!);
      return { cost, run: () => runtime.run(plan, src, dst, residual) };
    }
    const count = conv.inputs.length;
    const parts = runtime.allocate(count * kPart.size);
    this.#held.blocks.push(parts);
    conv.inputs.forEach((name, i) => kPart.set(runtime.view, parts + i * kPart.size,
      { data: at(name), channels: this.#channels.get(name)! }));
    return { cost, run: () => runtime.runParts(plan, parts, count, dst, residual) };
  }

  #pack(conv: Conv, desc: number, options: number, result: number): number {
    const { runtime } = this;
    const { weights, bias } = conv;
    const copy = runtime.allocate(4 * (weights.length + (bias?.length ?? 0)));
    try {
      runtime.floats(copy, weights.length).set(weights);
      const biasAt = bias ? copy + 4 * weights.length : 0;
      if (bias) runtime.floats(biasAt, bias.length).set(bias);
      runtime.call('packed_weights_create', desc, options, copy, biasAt, result);
    } finally {
      runtime.free(copy);
    }
    const packed = runtime.view.getUint32(result, true);
    this.#held.packed.set(conv.name, packed);
    conv.weights = new Float32Array(0); // packed, they are not needed again
    return packed;
  }

  #concatenation(step: Concat): Action {
    const channels = step.inputs.map((name) => this.#channels.get(name)!);
    const all = this.#channels.get(step.name)!;
    const run = () => {
      const dst = this.#tensor(step.name);
      let first = 0;
      step.inputs.forEach((name, i) => {
        const src = this.#tensor(name);
        const count = channels[i]!;
        for (let from = 0, to = first; from < src.length; from += count, to += all) {
          for (let c = 0; c < count; ++c) dst[to + c] = src[from + c]!;
        }
        first += count;
      });
    };
    return { cost: this.#length(step.name), run };
  }

  #shuffle(step: Shuffle): Action {
    const input = step.inputs[0]!;
    const { block } = step;
    const run = () => {
      const src = this.#tensor(input), dst = this.#tensor(step.name);
      const { height, width } = this.#extents.get(input)!;
      const together = block * this.#channels.get(step.name)!; // of a pixel, side by side in a row
      let to = 0;
      for (let y = 0; y < height; ++y) {
        for (let row = 0; row < block; ++row) {
          for (let x = 0; x < width; ++x) {
            const from = ((y * width + x) * block + row) * together;
            for (let i = 0; i < together; ++i) dst[to++] = src[from + i]!;
          }
        }
      }
    };
    return { cost: this.#length(step.name), run };
  }

  #upsampling(step: Upsample): Action {
    const input = step.inputs[0]!;
    const [down, across] = step.size;
    const run = () => {
      const src = this.#tensor(input), dst = this.#tensor(step.name);
      const { height, width } = this.#extents.get(input)!;
      const channels = this.#channels.get(input)!;
      const row = width * across * channels;
      let to = 0;
      for (let y = 0; y < height; ++y) {
        const begin = to;
        for (let x = 0; x < width; ++x) {
          const from = (y * width + x) * channels;
          for (let i = 0; i < across; ++i) {
            for (let c = 0; c < channels; ++c) dst[to++] = src[from + c]!;
          }
        }
        for (let i = 1; i < down; ++i, to += row) dst.copyWithin(to, begin, begin + row);
      }
    };
    return { cost: this.#length(step.name), run };
  }
}
