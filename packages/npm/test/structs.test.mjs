// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The offsets in structs.ts are those of a C compiler for wasm32, and no field is missing.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as structs from '../esm/structs.js';

const here = fileURLToPath(new URL('.', import.meta.url));
const include = join(here, '..', '..', '..', 'include');
const header = readFileSync(join(include, 'winograd', 'winograd.h'), 'utf8');
const all = Object.values(structs).filter((value) => value instanceof structs.Struct);

test('offsets and sizes are those of the C compiler', (t) => {
  const lines = ['#include "winograd/winograd.h"'];
  for (const struct of all) {
    for (const [name, offset] of Object.entries(struct.offsets)) {
      lines.push(`_Static_assert(offsetof(${struct.cName}, ${name}) == ${offset}, "${name}");`);
    }
    lines.push(`_Static_assert(sizeof(${struct.cName}) == ${struct.size}, "${struct.cName}");`);
  }
  lines.push(`_Static_assert(sizeof(winograd_status) == ${structs.kStatusSize}, "status");`);
  const compilers = ['clang', 'clang-14', 'clang-15'];
  const options = ['--target=wasm32', '-ffreestanding', '-std=c11', '-fsyntax-only', `-I${include}`,
    '-x', 'c', '-'];
  for (const compiler of compilers) {
    const run = spawnSync(compiler, options, { input: lines.join('\n'), encoding: 'utf8' });
    if (run.error) continue;
    assert.equal(run.status, 0, run.stderr);
    // And the compiler does compare.
    const wrong = lines.join('\n').replace('== 8,', '== 9,');
    assert.notEqual(spawnSync(compiler, options, { input: wrong }).status, 0);
    return;
  }
  t.skip('there is no clang');
});

test('every field of the header is here, in its order', () => {
  assert.equal(all.length, 7);
  for (const struct of all) {
    const body = new RegExp(`typedef struct ${struct.cName} \\{([^}]*)\\}`).exec(header)[1];
    const fields = [...body.replaceAll(/\/\*.*?\*\//gs, '').matchAll(/(\w+);/g)].map((match) => match[1]);
    assert.deepEqual(Object.keys(struct.offsets), fields, struct.cName);
  }
});
