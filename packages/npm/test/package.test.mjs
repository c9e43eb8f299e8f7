// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// What is packed, and that it works where it is installed: by import, by require, and for TypeScript.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '..');
let work, installed, listing;

before(() => {
  work = mkdtempSync(join(tmpdir(), 'winograd-conv-'));
  listing = JSON.parse(execFileSync('npm', ['pack', '--json', '--pack-destination', work],
    { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))[0];
  installed = join(work, 'node_modules', 'winograd-conv');
  mkdirSync(installed, { recursive: true });
  execFileSync('tar', ['-xzf', join(work, listing.filename), '-C', installed, '--strip-components=1']);
});
after(() => rmSync(work, { recursive: true, force: true }));

function node(name, text) {
  writeFileSync(join(work, name), text);
  return execFileSync(process.execPath, [join(work, name)], { cwd: work, encoding: 'utf8' });
}

const use = `
  await init({ threads: 1 });
  const plan = createConv2d({ inChannels: 1, outChannels: 1, height: 3, width: 3 },
    new Float32Array(9).fill(2));
  const [sum] = plan.run(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9));
  try { createConv2d({}); } catch (error) { console.log(sum, error instanceof WinogradError, error.code); }
`;

test('has what it should and nothing else', () => {
  const files = listing.files.map((file) => file.path);
  for (const file of ['LICENSE', 'README.md', 'package.json', 'esm/index.js', 'esm/index.d.ts',
    'cjs/index.js', 'cjs/index.d.ts', 'cjs/package.json', 'wasm/loader.mjs', 'wasm/winograd.mjs',
    'wasm/winograd.wasm', 'wasm/winograd-threads.mjs', 'wasm/winograd-threads.wasm',
    'wasm/winograd-threads.worker.js']) {
    assert.ok(files.includes(file), `${file} is missing`);
  }
  const others = files.filter((file) =>
    !/^(LICENSE|README\.md|package\.json|(esm|cjs)\/.*\.(js|d\.ts)|(cjs|wasm)\/package\.json|wasm\/.*\.(m?js|d\.mts|wasm))$/.test(file));
  assert.deepEqual(others, []);
  // What a page has to load.
  for (const name of ['winograd.wasm', 'winograd-threads.wasm']) {
    const bytes = gzipSync(readFileSync(join(root, 'wasm', name)), { level: 9 }).length;
    assert.ok(bytes <= 150 * 1024, `${name}: ${bytes}`);
  }
  assert.ok(statSync(join(work, listing.filename)).size < 1e6);
});

test('can be imported', () => {
  const text = `import { init, createConv2d, WinogradError } from 'winograd-conv';\n${use}`;
  assert.equal(node('use.mjs', text), '90 true invalid_argument\n');
});

test('can be required', () => {
  const text = `const { init, createConv2d, WinogradError } = require('winograd-conv');
    (async () => { ${use} })();`;
  assert.equal(node('use.cjs', text), '90 true invalid_argument\n');
});

test('has types for both', () => {
  const text = (wrong) => `
    import { init, createConv2d, type Conv2d, type Conv2dOptions } from 'winograd-conv';
    const options: Conv2dOptions = { inChannels: 1, outChannels: 1, height: 3, width: 3, layout: 'nhwc' };
    export async function use(): Promise<Float32Array> {
      await init();
      const plan: Conv2d = createConv2d(options, new Float32Array(9));
      return plan.run(new Float32Array(${wrong ? '"9"), 3' : '9)'});
    }`;
  writeFileSync(join(work, 'right.mts'), text(false));
  writeFileSync(join(work, 'right.cts'), text(false));
  writeFileSync(join(work, 'wrong.mts'), text(true));
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const check = (...files) => spawnSync(process.execPath, [tsc, '--noEmit', '--strict', '--module', 'node16',
    '--target', 'es2022', '--lib', 'es2023,dom,esnext.disposable', '--types', '', ...files],
  { cwd: work, encoding: 'utf8' });
  const right = check('right.mts', 'right.cts');
  assert.equal(right.status, 0, right.stdout);
  const wrong = check('wrong.mts');
  assert.notEqual(wrong.status, 0);
  assert.match(wrong.stdout, /wrong\.mts/);
});

test("runs the README's first use", () => {
  const [, code] = /```js\n(.*?)```/s.exec(readFileSync(join(root, 'README.md'), 'utf8'));
  assert.ok(code.trim().split('\n').length <= 10);
  assert.match(node('readme.mjs', code), / 0\.27\n$/);
});
