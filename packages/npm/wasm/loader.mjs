// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Starts one of the two modules beside this file. Not part of the compiled sources, because what
// CommonJS is made of knows no import.meta.

const inNode = typeof process === 'object' && typeof process.versions?.node === 'string';

/**
 * @param {number} threads above 1 needs shared memory: in browsers, a page that is cross-origin isolated
 * @returns {Promise<object>} the module
 */
export async function load(threads) {
  const settings = {};
  if (threads > 1) settings.threads = threads;
  const wasm = threads > 1 ? new URL('./winograd-threads.wasm', import.meta.url)
    : new URL('./winograd.wasm', import.meta.url);
  if (inNode) {
    const { readFile } = await import(/* webpackIgnore: true */ /* @vite-ignore */ 'node:fs/promises');
    settings.wasmBinary = await readFile(wasm);
  } else {
    settings.locateFile = (name) => name.endsWith('.wasm') ? wasm.href
      : new URL(`./${name}`, import.meta.url).href;
  }
  const { default: create } = threads > 1 ? await import('./winograd-threads.mjs')
    : await import('./winograd.mjs');
  return create(settings);
}

/**
 * In Node, waiting workers are no reason to go on.
 * @param {object} module with threads
 */
export function letEnd(module) {
  if (!inNode) return;
  for (const worker of [...module.PThread.runningWorkers, ...module.PThread.unusedWorkers]) worker.unref();
}
