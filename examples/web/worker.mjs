// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Runs the networks, so that the page never waits.
//   in:  { type: 'enlarge', picture, model }, { type: 'cancel' }
//   out: { type: 'ready', isa, threads }, { type: 'progress', stage, done },
//        { type: 'done', picture, seconds, threads }, { type: 'cancelled' }, { type: 'error', message }
import { init, loadModel } from './winograd-conv/esm/index.js';
import { models, overlap, tile } from './models.mjs';

const loaded = new Map();
let controller;

const ready = init();
ready.then((info) => postMessage({ type: 'ready', ...info }),
  (error) => postMessage({ type: 'error', message: `WebAssembly could not be started: ${error.message}` }));

async function enlarge({ picture, model }) {
  controller = new AbortController();
  const { signal } = controller;
  try {
    const { threads } = await ready;
    postMessage({ type: 'progress', stage: 'load', done: 0 });
    const { url, range } = models[model];
    if (!loaded.has(model)) loaded.set(model, await loadModel(new URL(url, import.meta.url), { signal }));
    const begin = performance.now();
    const large = await loaded.get(model).enlarge(picture, { range, tile, overlap, signal,
      onProgress: (done) => postMessage({ type: 'progress', stage: 'run', done }) });
    const seconds = (performance.now() - begin) / 1000;
    postMessage({ type: 'done', picture: large, seconds, threads }, [large.data.buffer]);
  } catch (error) {
    postMessage(error.name === 'AbortError' ? { type: 'cancelled' } : { type: 'error', message: error.message });
  }
}

addEventListener('message', ({ data }) => {
  if (data.type === 'cancel') controller?.abort();
  else enlarge(data);
});
