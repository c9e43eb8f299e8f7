// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The page in headless Chromium, as a person would use it. build/web-test is made by
// scripts/test-web.sh, which runs this.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fromTools, launch, root } from '../browser.mjs';
import { serve } from '../serve.mjs';

const axe = readFileSync(fromTools.resolve('axe-core'), 'utf8');

const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
const models = process.env.WINOGRAD_MODELS || join(cache, 'winograd', 'models');
const site = join(root, 'build', 'web-test');
const kPatience = 120_000; // the machine may be busy

let browser, isolated, open, work;
before(async () => {
  isolated = await serve(site);
  open = await serve(site, { isolated: false });
  work = mkdtempSync(join(tmpdir(), 'winograd-page-'));
  browser = await launch();
});
after(async () => {
  await browser?.close();
  for (const server of [isolated, open]) server?.close();
  rmSync(work, { recursive: true, force: true });
});

/** A test in a tab of its own, which must neither complain nor ask any other machine for anything. */
function onPage(name, use, { server = () => isolated, quick = true, ...options } = {}) {
  test(name, { timeout: 4 * kPatience }, async (t) => {
    const context = await browser.newContext({ viewport: { width: 1000, height: 900 }, ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(kPatience);
    const address = `http://127.0.0.1:${server().address().port}/`;
    const problems = [];
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('console', (message) => {
      // That there is no TensorFlow.js beside the page is asked for.
      if (message.type() === 'error' && !message.location().url.includes('/tfjs/')) problems.push(message.text());
    });
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(address) && !/^(data|blob):/.test(url)) problems.push(`asked for ${url}`);
    });
    try {
      await page.goto(address);
      await page.waitForSelector('html[data-ready]');
      await page.getByText('128 × 128 pixels').waitFor();
      if (quick) await page.getByRole('radio', { name: /Medium/ }).check();
      await use(page, t);
      assert.deepEqual(problems, []);
    } finally {
      await context.close();
    }
  });
}

const start = (page) => page.getByRole('button', { name: 'Enlarge' });
const status = (page, pattern) => page.getByRole('status').filter({ hasText: pattern }).waitFor();
const alert = (page, pattern) => page.getByRole('alert').filter({ hasText: pattern }).waitFor();

/** The picture on the page against a PNG: the largest difference in levels, and the PSNR in dB. */
function compare(page, png) {
  return page.evaluate(async (url) => {
    const image = await createImageBitmap(await (await fetch(url)).blob());
    const canvas = new OffscreenCanvas(image.width, image.height);
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0);
    const expected = context.getImageData(0, 0, image.width, image.height).data;
    const shown = document.getElementById('after');
    if (shown.width !== image.width || shown.height !== image.height) return { levels: 255, psnr: 0 };
    const actual = shown.getContext('2d').getImageData(0, 0, image.width, image.height).data;
    let levels = 0, squares = 0;
    for (let i = 0; i < actual.length; ++i) {
      const difference = Math.abs(actual[i] - expected[i]);
      levels = Math.max(levels, difference);
      squares += difference ** 2;
    }
    return { levels, psnr: 10 * Math.log10(255 ** 2 * actual.length * 0.75 / Math.max(squares, 1e-9)) };
  }, `data:image/png;base64,${readFileSync(png).toString('base64')}`);
}

/** The program that runs the same network natively, if this machine has built it. */
function nativeProgram() {
  return ['upscale', 'release', 'dev'].map((build) => join(root, 'build', build, 'examples/upscale/winograd_upscale'))
    .concat(process.env.WINOGRAD_UPSCALE ?? []).find((file) => existsSync(file));
}

for (const model of (process.env.WINOGRAD_WEB_MODELS ?? 'medium').split(',')) {
  onPage(`enlarges the flower with ${model}`, async (page, t) => {
    await page.locator(`input[value=${model}]`).check();
    await start(page).click();
    await status(page, /Done in .* s: 512 × 512 pixels/);
    // The picture that TensorFlow.js made of it, as the network's package has it.
    const sample = await compare(page, join(models, `flower.${model}.png`));
    assert.ok(sample.levels <= 1 && sample.psnr >= 80, JSON.stringify(sample));
    const program = nativeProgram();
    if (program) {
      const png = join(work, 'native.png');
      execFileSync(program, ['--models', models, '--model', model, '--threads', '1',
        join(models, 'flower.png'), png]);
      const native = await compare(page, png);
      assert.ok(native.levels <= 1 && native.psnr >= 80, JSON.stringify(native));
      t.diagnostic(`against native: at most ${native.levels} levels, ${native.psnr.toFixed(1)} dB`);
    } else {
      t.diagnostic('no winograd_upscale here to compare with');
    }
    // The download is that picture.
    const [download] = await Promise.all([page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download the picture' }).click()]);
    assert.equal(download.suggestedFilename(), 'a-flower-4x.png');
    const own = await compare(page, await download.path());
    assert.equal(own.levels, 0);
  });
}

/** A PNG with noise and a transparent corner, made by the browser. */
async function makePng(page, name, width, height) {
  const base64 = await page.evaluate(async ([w, h]) => {
    const canvas = Object.assign(document.createElement('canvas'), { width: w, height: h });
    const context = canvas.getContext('2d');
    const image = context.createImageData(w, h);
    image.data.forEach((_, i) => { image.data[i] = i % 4 === 3 ? 255 : (i * 2654435761 >>> 8) & 255; });
    image.data[3] = 0;
    context.putImageData(image, 0, 0);
    return canvas.toDataURL().split(',')[1];
  }, [width, height]);
  const file = join(work, name);
  writeFileSync(file, Buffer.from(base64, 'base64'));
  return file;
}

onPage('takes a picture of one\'s own, by keyboard alone', async (page) => {
  await page.locator('#file').setInputFiles(await makePng(page, 'My photo.png', 23, 14));
  await page.getByText('23 × 14 pixels').waitFor();
  await page.locator('#file').focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowDown');
  assert.equal(await page.locator('input[name=model]:checked').inputValue(), 'medium');
  await start(page).focus();
  await page.keyboard.press('Enter');
  await status(page, /Done in .* s: 92 × 56 pixels/);
  // A reader hears what has come: the focus is on its heading.
  assert.equal(await page.evaluate(() => document.activeElement.id), 'result-title');
  assert.equal(await page.getByRole('link', { name: 'Download' }).getAttribute('download'), 'my-photo-4x.png');
  assert.equal(await page.evaluate(() => document.getElementById('after').getContext('2d').getImageData(0, 0, 1, 1).data[3]), 0);

  const divider = page.getByRole('slider', { name: 'Divider' });
  await divider.focus();
  for (let i = 0; i < 20; ++i) await page.keyboard.press('ArrowRight');
  assert.equal(await divider.inputValue(), '60');
  assert.equal(await divider.getAttribute('aria-valuetext'), '60 % browser, 40 % network');
  const clip = await page.locator('#before').evaluate((canvas) => getComputedStyle(canvas).clipPath);
  assert.match(clip, /40%/);
  await page.keyboard.press('Home');
  assert.equal(await divider.inputValue(), '0');
}, { quick: false });

onPage('can be dragged', async (page) => {
  await page.locator('#file').setInputFiles(await makePng(page, 'wide.png', 60, 20));
  await page.getByText('60 × 20 pixels').waitFor();
  await start(page).click();
  await status(page, /Done/);
  const box = await page.locator('#stage').boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 4, box.y + box.height / 2, { steps: 5 });
  await page.mouse.up();
  const at = Number(await page.locator('#divider').inputValue());
  assert.ok(at > 15 && at < 35, `${at}`);
});

onPage('can be cancelled, and goes on afterwards', async (page) => {
  await page.locator('#file').setInputFiles(await makePng(page, 'large.png', 400, 300));
  await page.getByText('400 × 300 pixels').waitFor();
  await page.getByRole('radio', { name: /Large/ }).check();
  await start(page).click();
  assert.equal(await start(page).isDisabled(), true);
  await page.getByText(/Enlarging: \d+ %/).waitFor();
  const begin = performance.now();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await status(page, /Cancelled/);
  assert.ok(performance.now() - begin < 20_000);
  assert.equal(await page.getByRole('button', { name: 'Cancel' }).count(), 0);
  assert.equal(await page.getByRole('heading', { name: 'Before and after' }).count(), 0);

  await page.locator('#file').setInputFiles(await makePng(page, 'small.png', 8, 8));
  await page.getByText('8 × 8 pixels').waitFor();
  await page.getByRole('radio', { name: /Medium/ }).check();
  await start(page).click();
  await status(page, /Done in .* s: 32 × 32/);
});

onPage('says what is wrong with a file', async (page) => {
  const broken = join(work, 'broken.png');
  writeFileSync(broken, readFileSync(join(models, 'flower.png')).subarray(0, 60));
  await page.locator('#file').setInputFiles(broken);
  await alert(page, /broken\.png could not be read as a picture/);
  const text = join(work, 'letter.txt');
  writeFileSync(text, 'Not a picture.');
  await page.locator('#file').setInputFiles(text);
  await alert(page, /letter\.txt could not be read/);
  await page.locator('#file').setInputFiles(await makePng(page, 'huge.png', 2000, 1500));
  await alert(page, /huge\.png has 2000 × 1500 pixels.*up to 2 million/);
  // The picture from before is still there, and the complaint goes away.
  await page.getByText('A flower, 128 × 128 pixels').waitFor();
  await page.locator('#file').setInputFiles(await makePng(page, 'fine.png', 9, 9));
  await page.getByText('9 × 9 pixels').waitFor();
  assert.equal(await page.locator('#error').textContent(), '');
});

onPage('works without cross-origin isolation, on one thread', async (page) => {
  assert.equal(await page.evaluate(() => crossOriginIsolated), false);
  await page.getByText(/Runs on 1 thread: the server does not isolate/).waitFor();
  await page.locator('#file').setInputFiles(await makePng(page, 'small.png', 16, 12));
  await page.getByText('16 × 12 pixels').waitFor();
  await start(page).click();
  await status(page, /Done in .* s: 64 × 48/);
}, { server: () => open });

onPage('with isolation has as many threads as the machine', async (page) => {
  const { threads, isa } = JSON.parse(await page.evaluate(() => document.documentElement.dataset.ready));
  assert.equal(threads, Math.min(await page.evaluate(() => navigator.hardwareConcurrency), 8));
  assert.match(isa, /^wasm_/);
});

for (const colorScheme of ['light', 'dark']) {
  onPage(`has nothing that axe finds, on a phone, ${colorScheme}`, async (page) => {
    await page.locator('#file').setInputFiles(await makePng(page, 'small.png', 30, 40));
    await page.getByText('30 × 40 pixels').waitFor();
    await start(page).click();
    await status(page, /Done/);
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => window.axe.run());
    assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html)}`), []);
    // Nothing sticks out to the side.
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  }, { viewport: { width: 360, height: 740 }, colorScheme });
}

test('the server gives away nothing but the folder', async () => {
  const address = `http://127.0.0.1:${isolated.address().port}`;
  for (const path of ['/../package.json', '/%2e%2e/%2e%2e/README.md', '/..%2f..%2fREADME.md', '/%00', '/%', '/models']) {
    assert.equal((await fetch(address + path)).status, 404, path);
  }
  assert.equal((await fetch(`${address}/`)).headers.get('cross-origin-opener-policy'), 'same-origin');
  assert.equal((await fetch(`${address}/`, { method: 'HEAD' })).status, 200);
});
