// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The machine's Chromium, driven by the Playwright that the npm package's tests bring along.
import { join } from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
export const root = join(here, '..', '..');
export const fromTools = createRequire(join(root, 'packages', 'npm', 'package.json'));

export function launch() {
  return fromTools('playwright-core').chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    // Chromium's own sandbox is not for root, whom containers often are.
    args: process.getuid() === 0 ? ['--no-sandbox'] : [],
  });
}
