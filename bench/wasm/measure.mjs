// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Verifies, then measures in turns. The same in Node and in a browser's worker.
import { contenders } from './contenders.mjs';
import { expected, layers, numbers, tensors } from './layers.mjs';

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

/** The largest difference to what was expected, over the largest magnitude expected. */
function error(actual, places) {
  const scale = Math.max(...places.map(([, value]) => Math.abs(value)));
  return Math.max(...places.map(([place, value]) => Math.abs(actual[place] - value))) / scale;
}

/** Seconds of one run, by `clock`, from as many as take `least` seconds. */
async function time(run, clock, least) {
  const begin = clock();
  let count = 0;
  let past;
  do {
    await run();
    ++count;
    past = clock() - begin;
  } while (past < least);
  return past / count;
}

/** One row: medians of seconds, and medians of the ratio to the first, round by round. */
async function turns(runs, { rounds, clock, least }) {
  const seconds = runs.map(() => []);
  for (const { run } of runs) await time(run, clock, least); // compilers, caches
  for (let round = 0; round < rounds; ++round) {
    for (const [i, { run }] of runs.entries()) seconds[i].push(await time(run, clock, least));
  }
  return runs.map((_, i) => ({ seconds: median(seconds[i]),
    ratio: median(seconds[i].map((one, round) => one / seconds[0][round])) }));
}

/**
 * options: rounds, threads, only (a pattern), networks (a list of [name, side]), peers (names), clock (seconds),
 * report(row) called for each, and what contenders need.
 */
export async function measure(options) {
  const engines = [];
  for (const name of ['winograd', ...options.peers]) engines.push(await contenders[name](options));
  options.report({ engines: engines.map(({ name, version }) => ({ name, version })) });

  const wanted = new RegExp(options.only);
  for (const layer of layers.filter(({ name }) => wanted.test(name))) {
    const given = tensors(layer);
    const places = expected(layer, given);
    const runs = [];
    for (const engine of engines) {
      const one = await engine.convolution(layer, given);
      await one.run();
      const off = error(one.read(), places);
      if (!(off < 2e-5)) throw new Error(`${engine.name} computes ${layer.name} wrongly: ${off}`);
      runs.push(one);
    }
    const results = await turns(runs, { least: 0.02, ...options });
    options.report({ name: layer.name, note: runs[0].note, least: layer.least, results });
    for (const { dispose } of runs) dispose();
  }

  for (const [model, side] of options.networks) {
    const src = numbers(side * side * 3, 9).map((value) => (value + 1) / 2);
    const runs = [];
    let first;
    for (const engine of engines) {
      const one = await engine.network(model, side, side, src);
      await one.run();
      const result = one.read();
      first ??= result;
      const off = error(result, Array.from({ length: 1000 }, (_, i) => {
        const place = (i * 2654435761) % first.length;
        return [place, first[place]];
      }));
      if (!(off < 1e-4)) throw new Error(`${engine.name} computes ${model} otherwise than winograd: ${off}`);
      runs.push(one);
    }
    const results = await turns(runs, { ...options, least: 0, rounds: Math.min(options.rounds, 5) });
    options.report({ name: `${model} ${side}x${side}`, note: 'network', least: model === 'gans' ? { tensorflow: 2.2 } : {}, results });
    for (const { dispose } of runs) dispose();
  }
}
