// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// node screenshot.mjs <folder of the page> <target.jpg> [--dark] [--phone] [--model gans] [--compare]
//
// The page after it has enlarged the flower, as in docs/images/web.jpg.
import { parseArgs } from 'node:util';
import { launch } from './browser.mjs';
import { serve } from './serve.mjs';

const { values, positionals: [site, target] } = parseArgs({ allowPositionals: true, options: {
  dark: { type: 'boolean' }, phone: { type: 'boolean' }, compare: { type: 'boolean' },
  model: { type: 'string', default: 'gans' },
} });
const server = await serve(site);
const browser = await launch();
try {
  const page = await browser.newPage({ viewport: values.phone ? { width: 360, height: 740 } : { width: 800, height: 700 },
    colorScheme: values.dark ? 'dark' : 'light', deviceScaleFactor: values.phone ? 2 : 1 });
  page.setDefaultTimeout(600_000);
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.locator(`input[value=${values.model}]`).check();
  if (values.compare) await page.getByLabel(/TensorFlow.js/).check();
  await page.getByText('128 × 128 pixels').waitFor();
  await page.getByRole('button', { name: 'Enlarge' }).click();
  await page.getByRole('status').filter({ hasText: values.compare ? /times as long/ : /Done/ }).waitFor();
  await page.getByRole('heading', { level: 1 }).hover();
  await page.screenshot({ path: target, fullPage: true, ...(target.endsWith('.jpg') && { quality: 85 }) });
} finally {
  await browser.close();
  server.close();
}
