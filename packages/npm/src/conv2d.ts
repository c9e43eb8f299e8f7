// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0

import { describe, type Algorithm, type Conv2dOptions, type DataType } from './description.js';
import { invalid } from './errors.js';
import { HeapFloats, HeapHalves } from './heap.js';
import { theRuntime } from './init.js';
import type { Runtime } from './runtime.js';
import { kDesc, kInfo, kOptions, kSizes } from './structs.js';

export interface PlanInfo {
  algorithm: Algorithm;
  isa: string;
  kernel: string;
  /** Why that algorithm. */
  reason: string;
  expectedRmsError: number;
  packedBytes: number;
}

/** What run() computes from and into: floats, or with another `dataType` the bits of its numbers. */
export type Floats = Float32Array | HeapFloats;
export type Halves = Uint16Array | HeapHalves;

const leftovers = new FinalizationRegistry<{ runtime: Runtime; plan: number }>((held) => {
  held.runtime.module._winograd_conv2d_plan_destroy!(held.plan);
  held.runtime.release();
});

const kFloats = { view: Float32Array, heap: HeapFloats, unit: 'floats' } as const;
const kHalves = { view: Uint16Array, heap: HeapHalves, unit: 'numbers' } as const;
type Kind = typeof kFloats | typeof kHalves;
const kindOf = (type: DataType | undefined): Kind => (type ?? 'f32') === 'f32' ? kFloats : kHalves;

function check(name: string, array: Floats | Halves | undefined, kind: Kind, length: number): void {
  if (!(array instanceof kind.view) && !(array instanceof kind.heap)) {
    throw invalid(`${name} is neither a ${kind.view.name} nor ${kind.heap.name}`);
  }
  if (array.length !== length) {
    throw invalid(`${name} has ${array.length} ${kind.unit}, ${length} are needed`);
  }
}

/** Copied into the module's memory, each to a multiple of 4 bytes; returns where, 0 for what is not given. */
function copyIn(runtime: Runtime, arrays: (Float32Array | Uint16Array | null | undefined)[],
  use: (pointers: number[]) => void): void {
  const padded = (array: ArrayBufferView) => Math.ceil(array.byteLength / 4) * 4;
  const block = runtime.allocate(arrays.reduce((sum, array) => sum + (array ? padded(array) : 0), 0));
  try {
    let next = block;
    use(arrays.map((array) => {
      if (!array) return 0;
      const at = next;
      next += padded(array);
      runtime.bytes(at, array.byteLength).set(
        new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
      return at;
    }));
  } finally {
    runtime.free(block);
  }
}

/** A convolution that is ready to run: its weights are packed and its algorithm is chosen. */
export class Conv2d {
  readonly #runtime: Runtime;
  #plan: number;
  readonly outHeight: number;
  readonly outWidth: number;
  /** Numbers in src. */
  readonly srcLength: number;
  /** Numbers in dst and in the residual. */
  readonly dstLength: number;
  readonly info: PlanInfo;
  readonly #residual: boolean;
  readonly #kind: Kind;
  readonly #type: number;

  /** See createConv2d. */
  constructor(options: Conv2dOptions, weights: Float32Array | Uint16Array, bias?: Float32Array | null) {
    const runtime = this.#runtime = theRuntime();
    const desc = runtime.arguments;
    const planOptions = desc + kDesc.size;
    const out = planOptions + kOptions.size; // one thing after another

    describe(runtime, options, desc, planOptions);
    kSizes.set(runtime.view, out, { struct_size: kSizes.size });
    runtime.call('conv2d_get_sizes', desc, out);
    const sizes = (name: keyof typeof kSizes.offsets) => kSizes.get(runtime.view, out, name);
    this.outHeight = sizes('out_height');
    this.outWidth = sizes('out_width');
    this.srcLength = sizes('src');
    this.dstLength = sizes('dst');
    this.#residual = options.residual === true;
    this.#kind = kindOf(options.dataType);
    this.#type = runtime.number('data_type', options.dataType ?? 'f32');
    const weightType = runtime.number('data_type', options.weightType ?? 'f32');
    check('weights', weights, kindOf(options.weightType), sizes('weights'));
    if (bias) check('bias', bias, kFloats, options.outChannels);
    const slopes = options.preluSlopes;
    if (slopes !== undefined) check('preluSlopes', slopes, kFloats, options.outChannels);

    copyIn(runtime, [weights, bias, slopes], ([weightsAt, biasAt, slopesAt]) => {
      kOptions.set(runtime.view, planOptions, { prelu_slopes: slopesAt! });
      runtime.call('conv2d_plan_create_typed', desc, planOptions, weightType, weightsAt!, biasAt!, out);
    });
    this.#plan = runtime.view.getUint32(out, true);
    leftovers.register(this, { runtime, plan: this.#plan }, this);
    runtime.retain();

    kInfo.set(runtime.view, out, { struct_size: kInfo.size });
    runtime.call('conv2d_plan_get_info', this.#plan, out);
    const info = (name: keyof typeof kInfo.offsets) => kInfo.get(runtime.view, out, name);
    this.info = Object.freeze({
      algorithm: runtime.name('algorithm', info('algorithm')) as Algorithm,
      isa: runtime.name('isa', info('isa')),
      kernel: runtime.text(info('kernel')),
      reason: runtime.text(info('reason')),
      expectedRmsError: info('expected_rms_error'),
      packedBytes: info('packed_bytes'),
    });
  }

  /**
   * Computes dst from src; returns dst, which is a new array if it is left out. What is in a
   * Float32Array or Uint16Array is copied into the module's memory and back, once each; HeapFloats and
   * HeapHalves are used where they are. `residual` is given exactly when the options said so.
   */
  run(src: Floats, dst?: Float32Array, residual?: Floats): Float32Array;
  run(src: Floats, dst: HeapFloats, residual?: Floats): HeapFloats;
  run(src: Halves, dst?: Uint16Array, residual?: Halves): Uint16Array;
  run(src: Halves, dst: HeapHalves, residual?: Halves): HeapHalves;
  run(src: Floats | Halves, dst?: Floats | Halves, residual?: Floats | Halves): Floats | Halves {
    if (this.#plan === 0) throw invalid('this plan was disposed of');
    const kind = this.#kind;
    check('src', src, kind, this.srcLength);
    if (dst !== undefined) check('dst', dst, kind, this.dstLength);
    if ((residual !== undefined) !== this.#residual) {
      throw invalid(this.#residual ? 'the residual is missing' : 'a plan without residual was given one');
    }
    if (residual !== undefined) check('residual', residual, kind, this.dstLength);

    const runtime = this.#runtime;
    // All that may allocate comes before the first pointer is used.
    const inHeap = (array: Floats | Halves | undefined) =>
      array instanceof HeapFloats || array instanceof HeapHalves;
    const place = (array: Floats | Halves | undefined, number: 0 | 1 | 2, length: number) =>
      inHeap(array) ? (array as HeapFloats | HeapHalves).pointer
        : runtime.staging(number, kind.view.BYTES_PER_ELEMENT * length);
    const srcAt = place(src, 0, this.srcLength);
    const dstAt = place(dst, 1, this.dstLength);
    const residualAt = residual === undefined ? 0 : place(residual, 2, this.dstLength);
    const memory = (at: number, length: number) =>
      kind === kFloats ? runtime.floats(at, length) : runtime.halves(at, length);
    const copyFrom = (array: Floats | Halves, at: number) => {
      if (!inHeap(array)) memory(at, array.length).set(array as Float32Array | Uint16Array);
    };
    copyFrom(src, srcAt);
    if (residual !== undefined) copyFrom(residual, residualAt);

    runtime.run(this.#plan, srcAt, dstAt, residualAt, this.#type);
    if (dst !== undefined && inHeap(dst)) return dst;
    const result = memory(dstAt, this.dstLength);
    if (dst === undefined) return new kind.view(result);
    (dst as Float32Array | Uint16Array).set(result);
    return dst;
  }

  /** Frees what the plan holds. Plans that are forgotten are freed some time later, too. */
  dispose(): void {
    if (this.#plan === 0) return;
    leftovers.unregister(this);
    this.#runtime.module._winograd_conv2d_plan_destroy!(this.#plan);
    this.#runtime.release();
    this.#plan = 0;
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

/**
 * Chooses an algorithm and packs `weights` and `bias`, which are copied.
 * weights: outChannels x inChannels / groups x kernel, in the order of weightLayout; a Uint16Array has
 * the bits of what options.weightType says.
 */
export function createConv2d(options: Conv2dOptions, weights: Float32Array | Uint16Array,
  bias?: Float32Array | null): Conv2d {
  return new Conv2d(options, weights, bias);
}
