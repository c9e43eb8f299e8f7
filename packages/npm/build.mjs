// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// node build.mjs [folder of the modules, default ../../build/wasm/npm]
//
// Compiles src/ to esm/ and cjs/, and takes the modules and the licence into the package.
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const modules = process.argv[2] ?? join(here, '..', '..', 'build', 'wasm', 'npm');

for (const file of readdirSync(join(here, 'wasm'))) {
  if (file.startsWith('winograd')) rmSync(join(here, 'wasm', file));
}
for (const file of readdirSync(modules)) {
  if (/^winograd.*\.(mjs|js|wasm)$/.test(file)) {
    copyFileSync(join(modules, file), join(here, 'wasm', file));
  }
}
copyFileSync(join(here, '..', '..', 'LICENSE'), join(here, 'LICENSE'));

const tsc = join(here, 'node_modules', 'typescript', 'bin', 'tsc');
function compile(...options) {
  execFileSync(process.execPath, [tsc, ...options], { cwd: here, stdio: 'inherit' });
}
for (const folder of ['esm', 'cjs']) rmSync(join(here, folder), { recursive: true, force: true });
compile();

// The same sources once more, in a folder that says they are CommonJS. It lies here, so that
// the paths to wasm/ are the same.
const copy = mkdtempSync(join(here, 'cjs-sources-'));
try {
  cpSync(join(here, 'src'), copy, { recursive: true });
  writeFileSync(join(copy, 'package.json'), '{ "type": "commonjs" }\n');
  const config = { extends: '../tsconfig.json', compilerOptions: { rootDir: '.', outDir: '../cjs' },
    include: ['.'] };
  writeFileSync(join(copy, 'tsconfig.json'), JSON.stringify(config));
  compile('--project', copy);
  copyFileSync(join(copy, 'package.json'), join(here, 'cjs', 'package.json'));
} finally {
  rmSync(copy, { recursive: true });
}
