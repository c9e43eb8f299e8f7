// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0

import { invalid } from './errors.js';
import { theRuntime } from './init.js';
import type { Runtime } from './runtime.js';

const leftovers = new FinalizationRegistry<{ runtime: Runtime; pointer: number }>((held) => {
  held.runtime.free(held.pointer);
});

/** Numbers in the module's own memory. Given to Conv2d.run in place of an array, they are not copied. */
abstract class HeapArray<View extends Float32Array | Uint16Array> {
  readonly #runtime: Runtime;
  #pointer: number;

  /** Zeros, `length` of them. */
  protected constructor(readonly length: number, bytes: number) {
    if (!Number.isSafeInteger(length) || length < 0) {
      throw invalid(`length is ${length}, not a whole number`);
    }
    this.#runtime = theRuntime();
    this.#pointer = this.#runtime.allocate(bytes * length);
    leftovers.register(this, { runtime: this.#runtime, pointer: this.#pointer }, this);
    this.view.fill(0);
  }

  get pointer(): number {
    if (this.#pointer === 0) throw invalid('these numbers were disposed of');
    return this.#pointer;
  }

  /**
   * The numbers. Ask for it again after anything that may allocate, such as creating a plan: when the
   * memory grows, older views have nothing in them.
   */
  get view(): View {
    return this.look(this.#runtime, this.pointer, this.length);
  }

  protected abstract look(runtime: Runtime, pointer: number, length: number): View;

  dispose(): void {
    if (this.#pointer === 0) return;
    leftovers.unregister(this);
    this.#runtime.free(this.#pointer);
    this.#pointer = 0;
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

/** Floats. */
export class HeapFloats extends HeapArray<Float32Array> {
  /** Zeros, `length` of them. */
  constructor(length: number) {
    super(length, Float32Array.BYTES_PER_ELEMENT);
  }

  protected override look(runtime: Runtime, pointer: number, length: number): Float32Array {
    return runtime.floats(pointer, length);
  }
}

/** Numbers of 16 bits, for plans with `dataType` 'f16' or 'bf16'. */
export class HeapHalves extends HeapArray<Uint16Array> {
  /** Zeros, `length` of them. */
  constructor(length: number) {
    super(length, Uint16Array.BYTES_PER_ELEMENT);
  }

  protected override look(runtime: Runtime, pointer: number, length: number): Uint16Array {
    return runtime.halves(pointer, length);
  }
}
