#!/usr/bin/env node
// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The network in OpenCV with winograd, with weights in f32 and in f16, in OpenCV alone, and in ONNX Runtime,
// interleaved:
//
//   examples/upscale/compare.mjs <winograd_upscale> [--model gans|medium] [--rounds 5]
//                                [--caps 48MB,32MB,16MB]
//
// Every round runs each engine in a process of its own, one thread, one run to warm up and the
// median of three that follow; so machine-wide changes of speed hit all alike. Prints medians, ratios to the first and
// peak memory. --caps adds winograd with these caps of packed bytes. ONNX Runtime is npm's
// onnxruntime-node, in ${XDG_CACHE_HOME:-~/.cache}/winograd/onnxruntime, installed there once.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'winograd');
const models = process.env.WINOGRAD_MODELS || join(cache, 'models');
const runtimeFolder = join(cache, 'onnxruntime');
const side = 128; // of the flower

function installRuntime() {
  if (existsSync(join(runtimeFolder, 'node_modules', 'onnxruntime-node'))) return;
  mkdirSync(runtimeFolder, { recursive: true });
  console.error('Installing onnxruntime-node ...');
  // Without its script, which would fetch another 300 MB for GPUs.
  execFileSync('npm', ['install', '--prefix', runtimeFolder, '--ignore-scripts', '--silent',
    '--no-audit', '--no-fund', 'onnxruntime-node@1.30.0'], { stdio: 'inherit' });
}

/// In a process of its own: prints the time of a run, and the peak memory.
async function runRuntime(model) {
  const require = createRequire(join(runtimeFolder, 'index.js'));
  const ort = require('onnxruntime-node');
  const session = await ort.InferenceSession.create(join(models, `${model}.onnx`), {
    executionProviders: ['cpu'], intraOpNumThreads: 1, interOpNumThreads: 1,
    executionMode: 'sequential', graphOptimizationLevel: 'all',
  });
  // Any picture will do: the work does not depend on it.
  const pixels = new Float32Array(3 * side * side);
  const white = model === 'gans' ? 1 : 255;
  for (let i = 0; i < pixels.length; ++i) pixels[i] = white * ((i * 2654435761) % 4096) / 4096;
  const input = { [session.inputNames[0]]: new ort.Tensor('float32', pixels, [1, 3, side, side]) };
  const runs = [];
  for (let i = 0; i < 4; ++i) {
    const begin = performance.now();
    await session.run(input);
    runs.push((performance.now() - begin) / 1e3);
  }
  console.log(JSON.stringify({
    seconds: median(runs.slice(1)), mib: process.resourceUsage().maxRSS / 1024, packed: 0,
  }));
}

function runUpscale(program, model, engine, extra) {
  const figures = JSON.parse(execFileSync(program, [join(models, 'flower.png'),
    join(tmpdir(), `compare-${process.pid}.png`), '--models', models, '--model', model,
    '--engine', engine, '--threads', '1', '--repeat', '4', '--json', ...extra]));
  const { runs, packed_mib: packed } = figures.engines[engine];
  return { seconds: median(runs.slice(1)), mib: figures.peak_memory_mib, packed };
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    model: { type: 'string', default: 'gans' },
    rounds: { type: 'string', default: '5' },
    caps: { type: 'string', default: '' },
    'onnxruntime-run': { type: 'boolean', default: false },
  },
});
if (options['onnxruntime-run']) {
  await runRuntime(options.model);
} else {
  if (positionals.length !== 1) {
    console.error('usage: compare.mjs <winograd_upscale> [--model gans|medium] [--rounds 5] '
      + '[--caps 48MB,32MB,16MB]');
    process.exit(2);
  }
  installRuntime();
  const [program] = positionals;
  const { model } = options;
  const self = fileURLToPath(import.meta.url);
  const contenders = [
    ['winograd', () => runUpscale(program, model, 'winograd', [])],
    ['winograd, f16 weights', () => runUpscale(program, model, 'half', [])],
    ...options.caps.split(',').filter(Boolean).map((cap) => [
      `winograd, cap ${cap}`,
      () => runUpscale(program, model, 'winograd', ['--packed-limit', cap])]),
    ['opencv', () => runUpscale(program, model, 'opencv', [])],
    ['onnxruntime', () => JSON.parse(execFileSync(process.execPath,
      [self, '--onnxruntime-run', '--model', model]))],
  ];
  const runs = contenders.map(() => []);
  for (let round = 0; round < Number(options.rounds); ++round) {
    contenders.forEach(([name, run], i) => {
      runs[i].push(run());
      console.error(`round ${round + 1}: ${name} ${runs[i].at(-1).seconds.toFixed(3)} s`);
    });
  }
  const first = median(runs[0].map((run) => run.seconds));
  console.log(`${model}, ${side} x ${side}, 1 thread, median of ${options.rounds} rounds`);
  console.log('engine                 seconds   to winograd   packed MiB   peak MiB');
  contenders.forEach(([name], i) => {
    const seconds = median(runs[i].map((run) => run.seconds));
    const mib = median(runs[i].map((run) => run.mib));
    console.log(`${name.padEnd(22)} ${seconds.toFixed(3).padStart(7)} `
      + `${(seconds / first).toFixed(2).padStart(13)} ${runs[i][0].packed.toFixed(1).padStart(12)} `
      + `${mib.toFixed(0).padStart(10)}`);
  });
}
