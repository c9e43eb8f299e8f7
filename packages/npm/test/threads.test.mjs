// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Threads give the same bits, and do not keep a program from ending. Each in a process of its own.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const url = (path) => JSON.stringify(new URL(path, import.meta.url).href);
const program = (options) => `
  import { createHash } from 'node:crypto';
  import { init, createConv2d, loadModel } from ${url('../esm/index.js')};
  import { random } from ${url('reference.mjs')};
  import { Builder } from ${url('layers_model.mjs')};
  const { threads } = await init(${JSON.stringify(options)});
  const hash = createHash('sha256');
  for (const [inChannels, outChannels, kernel] of [[16, 24, 3], [64, 64, 3], [32, 48, 1]]) {
    const plan = createConv2d({ inChannels, outChannels, kernel, height: 60, width: 52, layout: 'nhwc' },
      random(outChannels * inChannels * kernel ** 2, 1));
    for (let i = 0; i < 3; ++i) hash.update(plan.run(random(plan.srcLength, 2 + i)));
    plan.dispose();
  }
  // Memory that grows after the workers began.
  const b = new Builder(3);
  b.conv('a', 'in', 3, 64);
  b.conv('b', 'a', 64, 3);
  const model = await loadModel(b.artifacts('b'));
  hash.update((await model.run(random(300 * 280 * 3, 9), { height: 300, width: 280 })).data);
  model.dispose();
  console.log(threads, hash.digest('hex'));
`;

function run(options) {
  const folder = mkdtempSync(join(tmpdir(), 'winograd-threads-'));
  try {
    const file = join(folder, 'program.mjs');
    writeFileSync(file, program(options));
    const { status, stdout, stderr, error } = spawnSync(process.execPath, [file], { encoding: 'utf8', timeout: 180_000,
      cwd: fileURLToPath(new URL('.', import.meta.url)) });
    assert.equal(error, undefined, `${error}`);
    assert.equal(status, 0, stderr);
    return stdout.trim().split(' ');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('two and three threads compute the same bits as one', () => {
  const [one, expected] = run({ threads: 1 });
  assert.equal(one, '1');
  for (const threads of [2, 3]) assert.deepEqual(run({ threads }), [`${threads}`, expected]);
});
