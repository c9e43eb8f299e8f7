// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0

/** The module: src/wasm_module.ts. */
export function load(threads: number): Promise<object>;
export function letEnd(module: object): void;
