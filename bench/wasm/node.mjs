// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// node node.mjs '<settings as JSON>': measures in this process, by CPU time on one thread, and prints
// a line of JSON for each row.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { runInThisContext } from 'node:vm';
import { measure } from './measure.mjs';

const settings = JSON.parse(process.argv[2]);

// TensorFlow.js's files are those for browsers, as a page has them. They see that this is Node, and want
// its `require` and `__dirname`; the wasm they get by `platform`.
globalThis.require = createRequire(import.meta.url);
globalThis.__dirname = settings.files.tfjsWasm;

const cpu = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};
// With several threads, what counts is when the last is done.
const clock = settings.threads === 1 ? cpu : () => performance.now() / 1000;
const begin = [cpu(), performance.now() / 1000];

await measure({
  ...settings, clock,
  loadScript: (url) => runInThisContext(readFileSync(fileURLToPath(url), 'utf8'), { filename: url }),
  platform: { fetch: async (path) => new Response(readFileSync(path)) },
  readJson: (url) => JSON.parse(readFileSync(url, 'utf8')),
  readBytes: (url) => {
    const { buffer, byteOffset, byteLength } = readFileSync(url);
    return buffer.slice(byteOffset, byteOffset + byteLength);
  },
  report: (row) => process.stdout.write(`${JSON.stringify(row)}\n`),
});
process.stdout.write(`${JSON.stringify({ busy: (cpu() - begin[0]) / (performance.now() / 1000 - begin[1]) })}\n`);
process.exit(); // whatever workers the engines left
