// The modules as JavaScript sees them:
//   node module_test.mjs <folder of winograd.mjs>
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import {
  createPlan, describePlan, floats, ISA, runner, workspaceOf,
} from "../../integrations/wasm/c_api.mjs";

const folder = process.argv[2];
const load = async (name, options) =>
  (await import(pathToFileURL(join(folder, name)))).default(options);

// Small whole numbers, of which every order of sums gives the same.
let state = 1;
const integers = (count) => Float32Array.from({ length: count }, () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return (state >>> 28) - 8;
});
const layer = { in_channels: 20, out_channels: 24, height: 13, width: 11, pad_top: 1, pad_left: 1,
  pad_bottom: 1, pad_right: 1, layout: 1 };
const src = integers(13 * 11 * 20), weights = integers(24 * 20 * 9), bias = integers(24);

function naive() {
  const dst = new Float32Array(13 * 11 * 24);
  for (let y = 0; y < 13; ++y) for (let x = 0; x < 11; ++x) for (let k = 0; k < 24; ++k) {
    let sum = bias[k];
    for (let i = 0; i < 3; ++i) for (let j = 0; j < 3; ++j) {
      const row = y + i - 1, col = x + j - 1;
      if (row < 0 || row >= 13 || col < 0 || col >= 11) continue;
      for (let c = 0; c < 20; ++c) {
        sum += src[(row * 11 + col) * 20 + c] * weights[((k * 20 + c) * 3 + i) * 3 + j];
      }
    }
    dst[(y * 11 + x) * 24 + k] = sum;
  }
  return dst;
}

/** dst of the layer, computed by `module`. */
function convolve(module, options, threads = 1, executor = 0) {
  const addresses = [weights, bias, src].map((values) => floats(module, values));
  const plan = createPlan(module, layer, addresses[0], addresses[1], options);
  const dst = floats(module, new Float32Array(13 * 11 * 24).fill(NaN));
  const workspace = workspaceOf(module, plan, threads);
  const run = runner(module, plan, addresses[2], dst, workspace, executor);
  for (let i = 0; i < 3; ++i) run();
  const result = module.HEAPF32.slice(dst >> 2, (dst >> 2) + 13 * 11 * 24);
  const described = describePlan(module, plan);
  workspace.free();
  module._winograd_conv2d_plan_destroy(plan);
  [...addresses, dst].forEach((address) => module._free(address));
  return { result, ...described };
}

const expected = naive();
const near = (result) =>
  assert.ok(result.every((value, i) => Math.abs(value - expected[i]) <= 0.02), "wrong result");

const tests = {
  async "computes what the definition says"(module) {
    const direct = convolve(module, { algorithm: 1 });
    assert.deepEqual(direct.result, expected);
    assert.equal(direct.isa, "wasm_simd128");
    const winograd = convolve(module, { algorithm: 4 });
    near(winograd.result);
    assert.equal(winograd.algorithm, "winograd_f4");
    // There is no weaker set in it.
    assert.equal(module._winograd_isa_available(ISA.scalar), 0);
    assert.equal(convolve(module, { algorithm: 4, isa: ISA.scalar }).isa, "wasm_simd128");
  },
  async "says what is wrong"(module) {
    assert.throws(() => createPlan(module, { ...layer, groups: 7 }, 0, 0), /groups/);
  },
  async "memory grows, and what there is not enough for is refused"(module) {
    assert.equal(module._malloc(0x7fffffff), 0);
    const block = module._malloc(1.7e9);
    assert.notEqual(block, 0);
    const large = { in_channels: 3600, out_channels: 3600, height: 8, width: 8 };
    assert.throws(() => createPlan(module, large, 16, 0, { algorithm: 1 }), /memory/);
    module._free(block);
  },
};

let failed = 0;
async function check(name, test) {
  try {
    await test();
    console.log(`ok      ${name}`);
  } catch (error) {
    ++failed;
    console.log(`FAILED  ${name}\n${error.stack}`);
  }
}

const plain = await load("winograd.mjs");
const threaded = await load("winograd-threads.mjs", { threads: 4 });
for (const [kind, module] of [["plain", plain], ["threads", threaded]]) {
  for (const [name, test] of Object.entries(tests)) await check(`${kind}: ${name}`, () => test(module));
}
await check("threads: the same bits on any number of threads", () => {
  const serial = convolve(threaded, { algorithm: 4 });
  for (const count of [1, 2, 4]) {
    const pool = threaded._winograd_thread_pool_create(count);
    assert.notEqual(pool, 0);
    for (let i = 0; i < 50; ++i) {
      assert.deepEqual(convolve(threaded, { algorithm: 4 }, count, pool).result, serial.result);
    }
    threaded._winograd_thread_pool_destroy(pool);
  }
});
const downloads = { plain: ["winograd.mjs", "winograd.wasm"],
  threads: ["winograd-threads.mjs", "winograd-threads.wasm", "winograd-threads.worker.js"] };
const limit = 150;  // KB
for (const [kind, names] of Object.entries(downloads)) {
  await check(`${kind}: at most ${limit} KB to download`, () => {
    const bytes = names.map((name) => readFileSync(join(folder, name)))
      .reduce((sum, file) => sum + gzipSync(file, { level: 9 }).length, 0);
    console.log(`        ${bytes} bytes, compressed`);
    assert.ok(bytes <= limit * 1e3);
  });
}
threaded.PThread.terminateAllThreads();
process.exitCode = failed === 0 ? 0 : 1;  // and Node ends by itself: nothing is left that runs
