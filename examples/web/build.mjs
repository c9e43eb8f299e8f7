// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// node build.mjs <folder of the networks> <folder of TensorFlow.js, or ''> <target>
//
// Puts the page, the package (packages/npm, built before), networks and pictures into one folder,
// which any static server can serve.
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const [models, tensorflow, target] = process.argv.slice(2);
const conv = join(here, '..', '..', 'packages', 'npm');

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
for (const file of ['index.html', 'style.css', 'page.mjs', 'models.mjs', 'worker.mjs', 'tfjs_worker.js',
  'tfjs_layers.js']) {
  cpSync(join(here, file), join(target, file));
}
for (const folder of ['esm', 'wasm']) {
  cpSync(join(conv, folder), join(target, 'winograd-conv', folder), { recursive: true });
}
cpSync(join(models, 'flower.png'), join(target, 'flower.png'));
for (const name of ['medium', 'gans']) {
  cpSync(join(models, 'tfjs', name), join(target, 'models', name), { recursive: true });
}
if (tensorflow && existsSync(tensorflow)) cpSync(tensorflow, join(target, 'tfjs'), { recursive: true });
