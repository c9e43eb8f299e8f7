// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// node bench.mjs --models DIR --peers-folder DIR [options]: what scripts/bench-wasm.sh runs.
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { launch, root } from '../../examples/web/browser.mjs';
import { serve } from '../../examples/web/serve.mjs';
import { chart, table } from './table.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const { values } = parseArgs({ options: {
  browser: { type: 'boolean', default: false },
  rounds: { type: 'string', default: '7' },
  threads: { type: 'string', default: '1' },
  only: { type: 'string', default: '.' },
  peers: { type: 'string', default: 'tensorflow,onnxruntime' },
  networks: { type: 'string', default: '' },
  chart: { type: 'string', default: '' },
  models: { type: 'string' },
  'peers-folder': { type: 'string' },
} });
const settings = {
  rounds: Number(values.rounds), threads: Number(values.threads), only: values.only,
  peers: values.peers.split(',').filter(Boolean),
  networks: values.networks.split(',').filter(Boolean).map((one) => [one.split(':')[0], Number(one.split(':')[1] ?? 64)]),
};

const rows = [];
let engines = [], busy;
function take(row) {
  if (row.engines) engines = row.engines;
  else if (row.busy) ({ busy } = row);
  else {
    rows.push(row);
    console.error(`${row.name}: ${row.results.map(({ seconds }) => `${(seconds * 1000).toPrecision(3)} ms`).join(', ')}`);
  }
}

async function inNode() {
  const folder = (path) => `${pathToFileURL(path).href}/`;
  const peers = values['peers-folder'];
  const files = {
    winograd: pathToFileURL(join(root, 'packages/npm/esm/index.js')).href, peers: folder(peers), models: folder(values.models),
    tfjsLayers: pathToFileURL(join(root, 'examples/web/tfjs_layers.js')).href,
    tfjsWasm: `${join(peers, 'tfjs')}/`, ortWasm: folder(join(peers, 'ort')),
  };
  const child = spawn(process.execPath, [join(here, 'node.mjs'), JSON.stringify({ ...settings, files })],
    { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.on('close', resolve));
  for await (const line of createInterface(child.stdout)) {
    if (line.startsWith('{')) take(JSON.parse(line));
  }
  if (await ended !== 0) process.exit(1);
  return `Node ${process.versions.node}`;
}

/** A folder with all that the worker asks for. */
function makeSite() {
  const site = join(root, 'build', 'bench-wasm');
  rmSync(site, { recursive: true, force: true });
  mkdirSync(site, { recursive: true });
  for (const name of ['tfjs', 'ort']) {
    cpSync(join(values['peers-folder'], name), join(site, name), { recursive: true });
  }
  for (const file of ['worker.mjs', 'measure.mjs', 'contenders.mjs', 'layers.mjs', 'onnx.mjs', 'index.html']) {
    cpSync(join(here, file), join(site, file));
  }
  cpSync(join(root, 'examples/web/tfjs_layers.js'), join(site, 'tfjs_layers.js'));
  for (const folder of ['esm', 'wasm']) {
    cpSync(join(root, 'packages/npm', folder), join(site, 'winograd-conv', folder), { recursive: true });
  }
  mkdirSync(join(site, 'models'));
  for (const [model] of settings.networks) {
    cpSync(join(values.models, 'tfjs', model), join(site, 'models/tfjs', model), { recursive: true });
    if (settings.peers.includes('onnxruntime')) cpSync(join(values.models, `${model}.onnx`), join(site, 'models', `${model}.onnx`));
  }
  return site;
}

async function inBrowser() {
  const server = await serve(makeSite());
  const browser = await launch();
  try {
    const page = await browser.newPage();
    await page.exposeFunction('take', take);
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    const error = await page.evaluate((given) => new Promise((resolve) => {
      const worker = new Worker('worker.mjs', { type: 'module' });
      worker.onerror = (event) => resolve(event.message || 'the worker did not start');
      worker.onmessage = ({ data }) => {
        if (data.error) resolve(data.error);
        else if (data.done) resolve('');
        else window.take(data);
      };
      worker.postMessage(given);
    }), settings);
    if (error) throw new Error(error);
    return `Chromium ${browser.version()}`;
  } finally {
    await browser.close();
    server.close();
  }
}

const where = values.browser ? await inBrowser() : await inNode();
const versions = engines.map(({ name, version }) => `${name} ${version}`).join(', ');
const how = values.browser || settings.threads > 1 ? 'by the clock' : 'by CPU time';
const caption = `${where}, ${cpus()[0].model.trim()}, ${settings.threads} thread${settings.threads > 1 ? 's' : ''}; ${versions}`;
console.log(`${caption}; medians of ${settings.rounds} rounds in turns, ${how}`
  + `${busy === undefined ? '' : `; the process had a CPU for ${Math.round(100 * Math.min(busy, 1))} % of the time`}\n`);
console.log(table(engines, rows));
for (const { name } of engines.slice(1)) {
  const i = engines.findIndex((engine) => engine.name === name);
  const mean = Math.exp(rows.reduce((sum, { results }) => sum + Math.log(results[i].ratio), 0) / rows.length);
  console.log(`${name === engines[1].name ? '\n' : ''}geometric mean: ${mean.toFixed(2)} x ${name}`);
}
if (values.chart) writeFileSync(values.chart, chart(engines, rows, caption));
