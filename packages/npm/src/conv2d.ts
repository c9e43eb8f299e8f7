// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0

import { describe, type Algorithm, type Conv2dOptions } from './description.js';
import { invalid } from './errors.js';
import { HeapFloats } from './heap.js';
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

/** What run() computes from and into. */
export type Floats = Float32Array | HeapFloats;

const leftovers = new FinalizationRegistry<{ runtime: Runtime; plan: number }>((held) => {
  held.runtime.module._winograd_conv2d_plan_destroy!(held.plan);
  held.runtime.release();
});

function check(name: string, floats: Floats | undefined, length: number): void {
  if (!(floats instanceof Float32Array) && !(floats instanceof HeapFloats)) {
    throw invalid(`${name} is neither a Float32Array nor HeapFloats`);
  }
  if (floats.length !== length) {
    throw invalid(`${name} has ${floats.length} floats, ${length} are needed`);
  }
}

/** A convolution that is ready to run: its weights are packed and its algorithm is chosen. */
export class Conv2d {
  readonly #runtime: Runtime;
  #plan: number;
  readonly outHeight: number;
  readonly outWidth: number;
  /** Floats of src. */
  readonly srcLength: number;
  /** Floats of dst and of the residual. */
  readonly dstLength: number;
  readonly info: PlanInfo;
  readonly #residual: boolean;

  /** See createConv2d. */
  constructor(options: Conv2dOptions, weights: Float32Array, bias?: Float32Array | null) {
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
    check('weights', weights, sizes('weights'));
    if (bias) check('bias', bias, options.outChannels);

    const floats = weights.length + (bias?.length ?? 0);
    const copy = runtime.allocate(4 * floats);
    try {
      runtime.floats(copy, weights.length).set(weights);
      const biasAt = bias ? copy + 4 * weights.length : 0;
      if (bias) runtime.floats(biasAt, bias.length).set(bias);
      runtime.call('conv2d_plan_create', desc, planOptions, copy, biasAt, out);
    } finally {
      runtime.free(copy);
    }
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
   * Computes dst from src; returns dst, which is a new Float32Array if it is left out. What is in a
   * Float32Array is copied into the module's memory and back, once each; HeapFloats are used where
   * they are. `residual` is given exactly when the options said so.
   */
  run(src: Floats, dst?: Float32Array, residual?: Floats): Float32Array;
  run(src: Floats, dst: HeapFloats, residual?: Floats): HeapFloats;
  run(src: Floats, dst?: Floats, residual?: Floats): Floats {
    if (this.#plan === 0) throw invalid('this plan was disposed of');
    check('src', src, this.srcLength);
    if (dst !== undefined) check('dst', dst, this.dstLength);
    if ((residual !== undefined) !== this.#residual) {
      throw invalid(this.#residual ? 'the residual is missing' : 'a plan without residual was given one');
    }
    if (residual !== undefined) check('residual', residual, this.dstLength);

    const runtime = this.#runtime;
    // All that may allocate comes before the first pointer is used.
    const place = (floats: Floats | undefined, number: 0 | 1 | 2, length: number) =>
      floats instanceof HeapFloats ? floats.pointer : runtime.staging(number, length);
    const srcAt = place(src, 0, this.srcLength);
    const dstAt = place(dst, 1, this.dstLength);
    const residualAt = residual === undefined ? 0 : place(residual, 2, this.dstLength);
    if (src instanceof Float32Array) runtime.floats(srcAt, src.length).set(src);
    if (residual instanceof Float32Array) runtime.floats(residualAt, residual.length).set(residual);

    runtime.run(this.#plan, srcAt, dstAt, residualAt);
    if (dst instanceof HeapFloats) return dst;
    const result = runtime.floats(dstAt, this.dstLength);
    if (dst === undefined) return new Float32Array(result);
    dst.set(result);
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
 * weights: outChannels x inChannels / groups x kernel, in the order of weightLayout.
 */
export function createConv2d(options: Conv2dOptions, weights: Float32Array,
  bias?: Float32Array | null): Conv2d {
  return new Conv2d(options, weights, bias);
}
