// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The same through TensorFlow.js, with the same messages as worker.mjs. Its files are scripts, not
// modules, so this is one too; that is also why it cannot be cancelled but by ending the worker.
/* global tf, importScripts */
importScripts('tfjs/tf-core.min.js', 'tfjs/tf-layers.min.js', 'tfjs/tf-backend-wasm.min.js',
  'tfjs_layers.js');

async function enlarge({ picture, model, threads }) {
  const { models, tile, overlap } = await import('./models.mjs');
  const { cutIntoTiles } = await import('./winograd-conv/esm/graph/tiles.js');
  tf.wasm.setWasmPaths('tfjs/');
  tf.wasm.setThreadsCount(threads);
  await tf.setBackend('wasm');
  postMessage({ type: 'progress', stage: 'load', done: 0 });
  const { url, range } = models[model];
  const network = await tf.loadLayersModel(url);

  const { data, width, height } = picture;
  const begin = performance.now();
  let large;
  const tiles = cutIntoTiles(height, width, tile, overlap);
  for (const [number, { y, x }] of tiles.entries()) {
    const input = new Float32Array(y.size * x.size * 3);
    let to = 0;
    for (let row = y.begin; row < y.begin + y.size; ++row) {
      for (let column = x.begin; column < x.begin + x.size; ++column) {
        for (let c = 0; c < 3; ++c) input[to++] = data[4 * (row * width + column) + c] * range / 255;
      }
    }
    const output = tf.tidy(() => network.predict(tf.tensor4d(input, [1, y.size, x.size, 3])));
    const scale = output.shape[1] / y.size;
    const result = await output.data();
    output.dispose();
    large ??= { data: new Uint8ClampedArray(4 * width * height * scale * scale), width: width * scale,
      height: height * scale };
    for (let row = scale * y.keptBegin; row < scale * (y.keptBegin + y.keptSize); ++row) {
      for (let column = scale * x.keptBegin; column < scale * (x.keptBegin + x.keptSize); ++column) {
        const at = 4 * (row * large.width + column);
        const from = 3 * ((row - scale * y.begin) * scale * x.size + column - scale * x.begin);
        for (let c = 0; c < 3; ++c) large.data[at + c] = result[from + c] * 255 / range;
        large.data[at + 3] = 255;
      }
    }
    postMessage({ type: 'progress', stage: 'run', done: (number + 1) / tiles.length });
  }
  const seconds = (performance.now() - begin) / 1000;
  postMessage({ type: 'done', picture: large, seconds, threads: tf.wasm.getThreadsCount() }, [large.data.buffer]);
}

addEventListener('message', ({ data }) => {
  enlarge(data).catch((error) => postMessage({ type: 'error', message: error.message }));
});
