// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0

import { invalid } from './errors.js';
import { theRuntime } from './init.js';
import type { Runtime } from './runtime.js';

const leftovers = new FinalizationRegistry<{ runtime: Runtime; pointer: number }>((held) => {
  held.runtime.free(held.pointer);
});

/**
 * Floats in the module's own memory. Given to Conv2d.run in place of a Float32Array, they are not
 * copied.
 */
export class HeapFloats {
  readonly #runtime: Runtime;
  #pointer: number;

  /** Zeros, `length` of them. */
  constructor(readonly length: number) {
    if (!Number.isSafeInteger(length) || length < 0) {
      throw invalid(`length is ${length}, not a whole number`);
    }
    this.#runtime = theRuntime();
    this.#pointer = this.#runtime.allocate(4 * length);
    leftovers.register(this, { runtime: this.#runtime, pointer: this.#pointer }, this);
    this.view.fill(0);
  }

  get pointer(): number {
    if (this.#pointer === 0) throw invalid('these floats were disposed of');
    return this.#pointer;
  }

  /**
   * The floats. Ask for it again after anything that may allocate, such as creating a plan: when the
   * memory grows, older views have nothing in them.
   */
  get view(): Float32Array {
    return this.#runtime.floats(this.pointer, this.length);
  }

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
