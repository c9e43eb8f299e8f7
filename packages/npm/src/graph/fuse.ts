// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Makes factors, sums and activations parts of convolutions, and has convolutions read the parts of
// concatenations where they lie.

import { pointwise, type Conv, type Graph, type Node, type Step } from './graph.js';

const kMostParts = 64;
/** The library's condition for a src in parts, of all but the last. */
const kPartChannels = 16;

class Fuser {
  readonly steps: Step[] = [];
  /** Tensors that became one with another. */
  readonly #same = new Map<string, string>();
  readonly #readers = new Map<string, number>();
  readonly #convs = new Map<string, Conv>();

  constructor(readonly graph: Graph) {
    this.#count(graph.output, 1);
    for (const node of graph.nodes) {
      for (const input of node.inputs) this.#count(input, 1);
    }
  }

  #count(name: string, more: number): void {
    this.#readers.set(name, (this.#readers.get(name) ?? 0) + more);
  }

  now(name: string): string {
    return this.#same.get(name) ?? name;
  }

  #push(step: Step): void {
    this.steps.push(step);
    if (step.kind === 'conv') this.#convs.set(step.name, step);
  }

  /** The convolution that makes `name`, if nobody else reads it and nothing was done after its sum. */
  #open(name: string): Conv | undefined {
    const conv = this.#convs.get(name);
    return conv !== undefined && this.#readers.get(name) === 1 && conv.activation === 'none' ? conv
      : undefined;
  }

  /** From here on `conv` makes the tensor `name`. */
  #takes(conv: Conv, name: string): void {
    this.#same.set(name, conv.name);
    this.#readers.set(conv.name, this.#readers.get(name) ?? 0);
  }

  #add(name: string, left: string, right: string, channels: number): void {
    const place = (conv: Conv | undefined) => conv && conv.residual === undefined ? this.steps.indexOf(conv) : -1;
    const places = [place(this.#open(left)), place(this.#open(right))] as const;
    const later = Math.max(...places);
    if (later < 0) {
      const ones = new Float32Array(channels).fill(1);
      this.#push({ ...pointwise(name, left, ones, null), residual: right });
      return;
    }
    // It runs where the sum stood, when the other summand is there.
    const [conv] = this.steps.splice(later, 1) as [Conv];
    conv.residual = later === places[0] ? right : left;
    this.steps.push(conv);
    this.#takes(conv, name);
  }

  take(node: Node): void {
    const inputs = node.inputs.map((input) => this.now(input));
    const input = inputs[0]!;
    switch (node.kind) {
      case 'affine': {
        const conv = this.#open(input);
        if (conv === undefined || conv.residual !== undefined) {
          this.#push(pointwise(node.name, input, node.scale, node.shift));
          return;
        }
        const { scale, shift } = node;
        conv.weights = conv.weights.map((weight, i) => weight * scale[i % scale.length]!);
        conv.bias = shift.map((value, c) => value + (conv.bias?.[c] ?? 0) * scale[c]!);
        this.#takes(conv, node.name);
        return;
      }
      case 'activate': {
        const open = this.#open(input);
        const conv = open ?? pointwise(node.name, input, new Float32Array(node.channels).fill(1), null);
        const { activation, activationMin, activationMax, leakySlope } = node;
        Object.assign(conv, { activation, activationMin, activationMax, leakySlope });
        if (open) this.#takes(conv, node.name);
        else this.#push(conv);
        return;
      }
      case 'add': {
        let sum = input;
        for (let i = 1; i < inputs.length; ++i) {
          const last = i === inputs.length - 1;
          const name = last ? node.name : `${node.name}/${i}`;
          if (!last) this.#count(name, 1);
          this.#add(name, sum, inputs[i]!, node.channels);
          sum = this.now(name);
        }
        if (inputs.length === 1) {
          this.#same.set(node.name, input);
          this.#count(input, (this.#readers.get(node.name) ?? 0) - 1);
        }
        return;
      }
      default:
        this.#push({ ...node, inputs });
    }
  }
}

/** Concatenations become inputs of the convolutions that read them, where that can be. */
function elide(steps: Step[], output: string, channels: Map<string, number>): Step[] {
  const parts = new Map<string, string[]>(); // of concatenations, down to tensors that are made
  for (const step of steps) {
    if (step.kind === 'concat') {
      parts.set(step.name, step.inputs.flatMap((input) => parts.get(input) ?? [input]));
    }
  }
  const kept = new Set<string>(parts.has(output) ? [output] : []);
  const readable = (names: string[]) => names.length <= kMostParts
    && names.slice(0, -1).every((name) => channels.get(name)! % kPartChannels === 0);
  for (const step of steps) {
    if (step.kind === 'concat') continue;
    for (const input of step.inputs) {
      const pieces = parts.get(input);
      if (pieces !== undefined && !(step.kind === 'conv' && readable(pieces))) kept.add(input);
    }
    if (step.kind === 'conv' && step.residual !== undefined && parts.has(step.residual)) {
      kept.add(step.residual);
    }
  }
  return steps.flatMap((step): Step[] => {
    const inputs = step.inputs.flatMap((input) =>
      (step.kind === 'concat' || !kept.has(input) ? parts.get(input) : undefined) ?? [input]);
    return step.kind === 'concat' && !kept.has(step.name) ? [] : [{ ...step, inputs }];
  });
}

export function fuse(graph: Graph): Graph<Step> {
  const fuser = new Fuser(graph);
  for (const node of graph.nodes) fuser.take(node);
  const output = fuser.now(graph.output);
  const channels = new Map(graph.channels);
  for (const step of fuser.steps) {
    if (step.kind === 'conv') channels.set(step.name, step.outChannels);
  }
  return { ...graph, output, channels, nodes: elide(fuser.steps, output, channels) };
}
