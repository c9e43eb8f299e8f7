// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0

/** What emscripten makes of include/winograd/winograd.h. */
export interface WasmModule {
  /** All of the memory; another array when it has grown. */
  readonly HEAPU8: Uint8Array;
  _malloc(bytes: number): number;
  _free(pointer: number): void;
  [name: `_winograd_${string}`]: (...values: number[]) => number;
}
