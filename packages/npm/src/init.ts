// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0

import { WinogradError, invalid } from './errors.js';
import { Runtime } from './runtime.js';
import type { WasmModule } from './wasm_module.js';

export interface InitOptions {
  /**
   * Threads that a convolution may use. Default: as many as the machine has, up to 8, where there is
   * shared memory and the calling thread may wait (Node, or a worker of a cross-origin isolated page);
   * 1 elsewhere. More than 1 where that is not so is an error.
   */
  threads?: number;
}

export interface RuntimeInfo {
  /** The instruction set, e.g. 'wasm_simd128'. */
  isa: string;
  threads: number;
}

interface Surroundings {
  crossOriginIsolated?: boolean;
  document?: unknown;
  navigator?: { hardwareConcurrency?: number };
  process?: { versions?: { node?: string } };
}

const kMostThreads = 8;

let started: Promise<Runtime> | undefined;
let asked: number | undefined;
let runtime: Runtime | undefined;

/** How many threads can be had here, and if only one, why. */
async function offered(): Promise<{ threads: number; reason: string }> {
  const here = globalThis as Surroundings;
  if (here.process?.versions?.node !== undefined) {
    const { cpus } = await import(/* webpackIgnore: true */ /* @vite-ignore */ 'node:os' as string) as
      { cpus(): unknown[] };
    return { threads: Math.max(cpus().length, 1), reason: '' };
  }
  if (here.crossOriginIsolated !== true) {
    return { threads: 1, reason: 'the page is not cross-origin isolated' };
  }
  // A page's own thread may not wait for others.
  if (here.document !== undefined) return { threads: 1, reason: 'this is not a worker' };
  return { threads: here.navigator?.hardwareConcurrency ?? 1, reason: 'the machine has one' };
}

async function start(threads: number | undefined): Promise<Runtime> {
  const offer = await offered();
  if (threads !== undefined && threads > 1 && offer.threads === 1 && offer.reason !== '') {
    throw new WinogradError('unsupported', `threads is ${threads}, but only 1 can be had: ${offer.reason}`);
  }
  const count = threads ?? Math.min(offer.threads, kMostThreads);
  const { load, letEnd } = await import('../wasm/loader.mjs');
  const module = await load(count) as WasmModule;
  if (count === 1) return new Runtime(module, 1, 0);
  const executor = module._winograd_thread_pool_create!(count);
  if (executor === 0) throw new WinogradError('out_of_memory', `cannot start ${count} threads`);
  letEnd(module);
  return new Runtime(module, count, executor);
}

/**
 * Loads the module. Everything else in this package needs it done. It may be called again, with the
 * same options or none, and then does nothing.
 */
export async function init(options: InitOptions = {}): Promise<RuntimeInfo> {
  const { threads } = options;
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1 && threads <= 64)) {
    throw invalid(`threads is ${threads}, not a whole number from 1 to 64`);
  }
  if (started !== undefined && threads !== undefined && threads !== asked) {
    throw invalid(`init() was called with threads ${asked ?? 'left out'} before`);
  }
  if (started === undefined) {
    asked = threads;
    started = start(threads);
    // What failed may be tried again.
    started.catch(() => { started = undefined; });
  }
  runtime = await started;
  return runtimeInfo();
}

/** What is loaded. */
export function runtimeInfo(): RuntimeInfo {
  const loaded = theRuntime();
  return { isa: loaded.isa, threads: loaded.threads };
}

export function theRuntime(): Runtime {
  if (runtime === undefined) throw invalid('call `await init()` first');
  return runtime;
}
