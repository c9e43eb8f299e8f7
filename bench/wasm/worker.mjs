// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Measures in a worker of the benchmark page: { settings } in; rows, { done } or { error } out.
import { measure } from './measure.mjs';

addEventListener('message', async ({ data: settings }) => {
  const here = (path) => new URL(path, import.meta.url).href;
  try {
    await measure({
      ...settings,
      files: { winograd: here('winograd-conv/esm/index.js'), peers: here('./'), models: here('models/'),
        tfjsLayers: here('tfjs_layers.js'), tfjsWasm: here('tfjs/'), ortWasm: here('ort/') },
      clock: () => performance.now() / 1000,
      // Scripts that would be global on a page; in a worker of modules they are imported.
      loadScript: (url) => import(url),
      readJson: async (url) => (await fetch(url)).json(),
      readBytes: async (url) => (await fetch(url)).arrayBuffer(),
      report: (row) => postMessage(row),
    });
    postMessage({ done: true });
  } catch (error) {
    postMessage({ error: String(error?.stack ?? error) });
  }
});
