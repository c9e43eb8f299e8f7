// Layers in turns on kernel sets and builds of the module, by CPU time of the process:
//
//   node measure.mjs [--rounds N] [--layers REGEX] <module.mjs>[:<isa>[:<algorithm>[:<threads>]]] ...
//
// e.g. build/wasm/npm/winograd.mjs build/wasm/npm/winograd.mjs:best:1, its choice and direct. Where one has
// several threads, which takes winograd-threads.mjs, all are measured by the clock instead. A round runs
// each contender for 20 ms or more, one after another; the table has the median of the rounds, in
// milliseconds a run, and behind it the first contender's time over it, of the same round.
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { createPlan, describePlan, floats, ISA, runner, workspaceOf } from "./c_api.mjs";

const layers = {};
const add = (name, channels, extent, outputs, kernel = 3, groups = 1) => {
  layers[name] = { in_channels: channels, out_channels: outputs, height: extent, width: extent,
    kernel_h: kernel, kernel_w: kernel, groups, layout: 1,
    pad_top: kernel >> 1, pad_left: kernel >> 1, pad_bottom: kernel >> 1, pad_right: kernel >> 1 };
};
add("3x3 32x56->32", 32, 56, 32);
add("3x3 64x28->64", 64, 28, 64);
add("3x3 128x14->128", 128, 14, 128);
add("3x3 256x14->256", 256, 14, 256);
add("3x3 3x64->32", 3, 64, 32);
add("1x1 64x28->64", 64, 28, 64, 1);
add("1x1 256x14->256", 256, 14, 256, 1);
add("depthwise 64x28", 64, 28, 64, 3, 64);

const args = process.argv.slice(2);
const option = (name, otherwise) => {
  const at = args.indexOf(name);
  return at < 0 ? otherwise : args.splice(at, 2)[1];
};
const rounds = Number(option("--rounds", 7)), wanted = new RegExp(option("--layers", "."));
const modules = new Map();
const wantedOf = (arg) => {
  const [file, isa = "best", algorithm = 0, threads = 1] = arg.split(":");
  return { file, options: { isa: ISA[isa], algorithm: Number(algorithm) }, threads: Number(threads) };
};
const most = Math.max(...args.map((arg) => wantedOf(arg).threads));
const contenders = [];
for (const { file, options, threads } of args.map(wantedOf)) {
  if (!modules.has(file)) {
    modules.set(file, await (await import(pathToFileURL(resolve(file)))).default({ threads: most }));
  }
  const module = modules.get(file);
  const executor = threads > 1 ? module._winograd_thread_pool_create(threads) : 0;
  contenders.push({ module, options, threads, executor });
}

const cpu = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
const clock = most > 1 ? () => performance.now() : cpu;
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const random = (count) => Float32Array.from({ length: count }, () => 2 * Math.random() - 1);

for (const [name, layer] of Object.entries(layers).filter(([name]) => wanted.test(name))) {
  const pixels = layer.height * layer.width;
  const runs = contenders.flatMap(({ module, options, threads, executor }) => {
    const { in_channels, out_channels, kernel_h, kernel_w, groups } = layer;
    const weights = floats(module, random(out_channels * in_channels / groups * kernel_h * kernel_w));
    let plan;
    try {
      plan = createPlan(module, layer, weights, 0, options);
    } catch (error) {
      console.log(`${name}: ${error.message}`);
      return [];
    }
    const run = runner(module, plan, floats(module, random(pixels * in_channels)),
      floats(module, random(pixels * out_channels)), workspaceOf(module, plan, threads), executor);
    const until = clock() + 30;  // the engine's optimising compiler is done by then
    while (clock() < until) run();
    return [{ run, times: [], name: describePlan(module, plan) }];
  });
  for (let round = 0; round < rounds; ++round) {
    for (const { run, times } of runs) {
      const start = clock();
      let count = 0, elapsed = 0;
      do {
        for (let i = 0; i < 4; ++i) run();
        count += 4;
        elapsed = clock() - start;
      } while (elapsed < 20);
      times.push(elapsed / count);
    }
  }
  const columns = runs.map(({ times, name: { algorithm, kernel } }) => {
    const ratio = median(times.map((time, round) => runs[0].times[round] / time));
    return `${median(times).toFixed(3)} ms ${ratio.toFixed(2)}x ${algorithm} ${kernel}`;
  });
  console.log([name.padEnd(18), ...columns].join(" | "));
}
process.exit();  // with the workers
