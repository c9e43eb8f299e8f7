// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createConv2d, HeapFloats, HeapHalves, init, runtimeInfo, WinogradError } from 'winograd-conv';
import { conv2d, random, relativeError, toBits, toFloats } from './reference.mjs';

const small = { inChannels: 4, outChannels: 8, height: 10, width: 12, padding: 1 };
const smallWeights = random(8 * 4 * 9, 1);

test('before init() everything asks for it', () => {
  const before = { code: 'invalid_argument', message: /await init\(\)/ };
  assert.throws(() => createConv2d(small, smallWeights), before);
  assert.throws(() => new HeapFloats(1), before);
  assert.throws(() => runtimeInfo(), before);
});

test('init() checks its options, and may be called again', async () => {
  for (const threads of [0, 1.5, -1, 65, NaN, '2']) {
    await assert.rejects(init({ threads }), { code: 'invalid_argument', message: /threads is/ });
  }
  const [first, second] = await Promise.all([init({ threads: 1 }), init()]);
  assert.deepEqual(first, second);
  assert.equal(first.threads, 1);
  assert.match(first.isa, /^(wasm_|scalar)/);
  assert.deepEqual(runtimeInfo(), first);
  await assert.rejects(init({ threads: 2 }), { message: /called with threads 1 before/ });
});

const cases = [
  { name: 'F(4,3) in NCHW', inChannels: 16, outChannels: 24, height: 20, width: 17,
    padding: [1, 1, 1, 1], algorithm: 'winograd_f4' },
  { name: 'NHWC and HWIO, whatever is fastest', inChannels: 32, outChannels: 16, height: 21, width: 30,
    padding: [1, 1, 1, 1], layout: 'nhwc', weightLayout: 'hwio', activation: 'relu',
    activate: (x) => Math.max(x, 0) },
  { name: 'a residual, and a leaky ReLU', inChannels: 16, outChannels: 16, height: 16, width: 16,
    padding: [1, 1, 1, 1], layout: 'nhwc', residual: true, activation: 'leaky_relu', leakySlope: 0.25,
    activate: (x) => x < 0 ? 0.25 * x : x },
  { name: 'a clamp', inChannels: 5, outChannels: 7, height: 9, width: 8, activation: 'clamp',
    activationMin: -0.5, activationMax: 0.75, activate: (x) => Math.min(Math.max(x, -0.5), 0.75) },
  { name: 'strides, dilation and uneven padding', inChannels: 3, outChannels: 6, height: 15, width: 19,
    kernel: [3, 2], stride: [2, 1], dilation: [1, 3], padding: [0, 1, 2, 3] },
  { name: 'depthwise', inChannels: 12, outChannels: 12, groups: 12, height: 11, width: 13,
    padding: [1, 1, 1, 1], layout: 'nhwc', weightLayout: 'hwio' },
  { name: '1x1, a batch of two', inChannels: 20, outChannels: 9, batch: 2, height: 6, width: 5,
    kernel: [1, 1], layout: 'nhwc' },
  { name: '5x5', inChannels: 8, outChannels: 8, height: 14, width: 14, kernel: [5, 5],
    padding: [2, 2, 2, 2], algorithm: 'winograd_f2' },
];

for (const [number, { name, activate, ...options }] of cases.entries()) {
  test(`computes ${name}`, () => {
    const { inChannels, outChannels, groups = 1, kernel = [3, 3], batch = 1 } = options;
    const weights = random(outChannels * inChannels / groups * kernel[0] * kernel[1], 10 + number);
    const bias = random(outChannels, 20 + number);
    const plan = createConv2d(options, weights, bias);
    try {
      assert.equal(plan.srcLength, batch * inChannels * options.height * options.width);
      const src = random(plan.srcLength, 30 + number);
      const residual = options.residual ? random(plan.dstLength, 40 + number) : undefined;
      const expected = conv2d({ ...options, ...(activate && { activate }) }, weights, bias, src, residual);

      const dst = plan.run(src, undefined, residual);
      assert.ok(dst instanceof Float32Array && dst.buffer instanceof ArrayBuffer);
      assert.ok(relativeError(dst, expected) < 3e-6, `${relativeError(dst, expected)}`);
      if (options.algorithm) assert.equal(plan.info.algorithm, options.algorithm);

      // The same into an array of the caller's, and without copies.
      const own = new Float32Array(plan.dstLength);
      assert.equal(plan.run(src, own, residual), own);
      assert.deepEqual(own, dst);
      const heapSrc = new HeapFloats(plan.srcLength), heapDst = new HeapFloats(plan.dstLength);
      heapSrc.view.set(src);
      assert.equal(plan.run(heapSrc, heapDst, residual), heapDst);
      assert.deepEqual(new Float32Array(heapDst.view), dst);
      if (residual) { // added in place
        heapDst.view.set(residual);
        plan.run(heapSrc, heapDst, heapDst);
        assert.deepEqual(new Float32Array(heapDst.view), dst);
      }
      heapSrc.dispose();
      heapDst.dispose();
    } finally {
      plan.dispose();
    }
  });
}

test('a parametric ReLU has a slope for each channel', () => {
  const preluSlopes = random(small.outChannels, 50);
  const plan = createConv2d({ ...small, activation: 'prelu', preluSlopes }, smallWeights);
  preluSlopes.fill(7); // copied
  const src = random(plan.srcLength, 51);
  const slopes = random(small.outChannels, 50);
  const linear = conv2d({ ...small, padding: [1, 1, 1, 1] }, smallWeights, null, src);
  const pixels = small.height * small.width;
  const expected = linear.map((x, i) => x < 0 ? slopes[Math.floor(i / pixels)] * x : x);
  assert.ok(relativeError(plan.run(src), expected) < 3e-6);
  plan.dispose();
  assert.throws(() => createConv2d({ ...small, activation: 'prelu' }, smallWeights), { message: /slopes/ });
  assert.throws(() => createConv2d({ ...small, activation: 'prelu', preluSlopes: new Float32Array(3) },
    smallWeights), { message: /preluSlopes has 3 floats, 8/ });
});

// 11 and 8 significant bits: a rounding to nearest is a relative error of about 2^-12 and 2^-9 / sqrt(3).
for (const [type, error] of [['f16', 3e-4], ['bf16', 2.4e-3]]) {
  test(`computes on ${type}, and with weights of it`, () => {
    const options = { inChannels: 24, outChannels: 16, height: 18, width: 21, padding: [1, 1, 1, 1],
      layout: 'nhwc', residual: true };
    const weights = random(16 * 24 * 9, 60), bias = random(16, 61);
    const weightBits = toBits(type, weights);
    const plan = createConv2d({ ...options, dataType: type, weightType: type }, weightBits, bias);
    const src = toBits(type, random(plan.srcLength, 62)), residual = toBits(type, random(plan.dstLength, 63));
    const expected = conv2d(options, toFloats(type, weightBits), bias, toFloats(type, src),
      toFloats(type, residual));
    const dst = plan.run(src, undefined, residual);
    assert.ok(dst instanceof Uint16Array);
    const measured = relativeError(toFloats(type, dst), expected);
    assert.ok(measured < error && measured > error / 4, `${measured}`);

    const heapSrc = new HeapHalves(plan.srcLength), heapDst = new HeapHalves(plan.dstLength);
    heapSrc.view.set(src);
    heapDst.view.set(residual);
    assert.equal(plan.run(heapSrc, heapDst, heapDst), heapDst);
    assert.deepEqual(new Uint16Array(heapDst.view), dst);
    const own = new Uint16Array(plan.dstLength);
    assert.equal(plan.run(src, own, residual), own);
    assert.deepEqual(own, dst);

    const floats = new Float32Array(plan.srcLength);
    assert.throws(() => plan.run(floats, undefined, residual), { message: /src is neither a Uint16Array/ });
    assert.throws(() => plan.run(src, floats, residual), { message: /dst is neither a Uint16Array/ });
    assert.throws(() => createConv2d({ ...options, weightType: type }, weights),
      { message: /weights is neither a Uint16Array/ });
    for (const heap of [heapSrc, heapDst, plan]) heap.dispose();
  });
}

test('weights packed as f16 take half the memory', () => {
  const options = { inChannels: 64, outChannels: 64, height: 20, width: 20, padding: [1, 1, 1, 1],
    algorithm: 'winograd_f4' };
  const weights = random(64 * 64 * 9, 70);
  const src = random(64 * 400, 71);
  const expected = conv2d(options, weights, null, src);
  const bytes = [['standard', 3e-6], ['half', 2e-3]].map(([accuracy, error]) => using(
    createConv2d({ ...options, accuracy }, weights), (plan) => {
      assert.ok(relativeError(plan.run(src), expected) < error);
      return plan.info.packedBytes;
    }));
  assert.ok(bytes[1] < 0.51 * bytes[0], `${bytes}`);
});

test('the plan tells what it is', () => {
  using(createConv2d({ ...small, layout: 'nhwc' }, smallWeights), (plan) => {
    assert.equal(plan.outHeight, 10);
    assert.equal(plan.outWidth, 12);
    assert.equal(plan.dstLength, 8 * 10 * 12);
    assert.equal(plan.info.isa, runtimeInfo().isa);
    assert.notEqual(plan.info.reason, '');
    assert.ok(plan.info.packedBytes >= 4 * smallWeights.length);
    assert.ok(plan.info.expectedRmsError > 0 && plan.info.expectedRmsError < 1e-5);
  });
});

test('errors have the text of the library', () => {
  const create = (options, weights = smallWeights) => () => createConv2d({ ...small, ...options }, weights);
  const refused = (code, message) => (error) => {
    assert.ok(error instanceof WinogradError && error instanceof Error);
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  };
  assert.throws(create({ groups: 3 }), refused('invalid_argument', /groups/));
  assert.throws(create({ height: 0 }), refused('invalid_argument', /height/));
  assert.throws(create({ stride: 3, algorithm: 'winograd_f4' }), refused('unsupported', /stride/));
  assert.throws(create({ algorithm: 'winograd_f4', packedLimitBytes: 64 }), refused('unsupported', /64/));
  // What never reaches it says the same way what is wrong.
  assert.throws(create({ height: 1.5 }), refused('invalid_argument', /height is 1.5/));
  assert.throws(create({ height: undefined }), refused('invalid_argument', /height is undefined/));
  assert.throws(create({ layout: 'chwn' }), refused('invalid_argument', /'chwn'.*nchw, nhwc/));
  assert.throws(create({ weightLayout: 'ohwi' }), refused('invalid_argument', /'ohwi'/));
  assert.throws(create({ padding: [1, 1] }), refused('invalid_argument', /padding has 2/));
  assert.throws(create({ dataType: 'f64' }), refused('invalid_argument', /'f64'.*f32, f16, bf16/));
  assert.throws(create({ strides: 1 }), refused('invalid_argument', /no option 'strides'/));
  assert.throws(create({}, new Float32Array(7)), refused('invalid_argument', /weights has 7 floats, 288/));
  assert.throws(create({}, [1, 2]), refused('invalid_argument', /weights is neither/));
  assert.throws(() => createConv2d(small, smallWeights, new Float32Array(3)),
    refused('invalid_argument', /bias has 3/));

  using(createConv2d(small, smallWeights), (plan) => {
    const src = new Float32Array(plan.srcLength);
    assert.throws(() => plan.run(new Float32Array(1)), refused('invalid_argument', /src has 1 floats/));
    assert.throws(() => plan.run(src, new Float32Array(1)), refused('invalid_argument', /dst has 1/));
    assert.throws(() => plan.run(src, undefined, src), refused('invalid_argument', /residual/));
    const floats = new HeapFloats(plan.srcLength);
    floats.dispose();
    floats.dispose();
    assert.throws(() => plan.run(floats), refused('invalid_argument', /disposed/));
  });
  using(createConv2d({ ...small, residual: true }, smallWeights), (plan) => {
    assert.throws(() => plan.run(new Float32Array(plan.srcLength)), refused('invalid_argument', /residual/));
    // dst must not overlap src: the library's own check.
    const floats = new HeapFloats(plan.dstLength);
    assert.throws(() => {
      using(createConv2d({ ...small, inChannels: 8 }, random(576, 1)), (square) => square.run(floats, floats));
    }, refused('invalid_argument', /overlap/));
    floats.dispose();
  });
});

test('a plan that was disposed of says so', () => {
  const plan = createConv2d(small, smallWeights);
  plan.dispose();
  plan.dispose();
  assert.throws(() => plan.run(new Float32Array(plan.srcLength)), { message: /disposed/ });
});

test('memory is given back', () => {
  const layer = { inChannels: 128, outChannels: 128, height: 64, width: 64, padding: 1 };
  const weights = random(128 * 128 * 9, 3);
  // 2.4 MB of packed weights and more: 2,000 of them would not fit into 4 GB.
  const grown = () => using(createConv2d(layer, weights), () => new HeapFloats(1).view.buffer.byteLength);
  const first = grown();
  for (let i = 0; i < 60; ++i) grown();
  assert.equal(grown(), first);
});

test('the collector frees what was forgotten', { skip: !globalThis.gc && 'needs --expose-gc' }, async () => {
  const layer = { inChannels: 256, outChannels: 256, height: 32, width: 32, padding: 1 };
  const weights = random(256 * 256 * 9, 4);
  let size = 0;
  for (let i = 0; i < 30; ++i) { // 10 MB each
    createConv2d(layer, weights);
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 10));
    size = new HeapFloats(1).view.buffer.byteLength;
  }
  assert.ok(size < 150e6, `${size}`);
});

test('too much memory is an error, and afterwards all goes on', () => {
  assert.throws(() => new HeapFloats(2 ** 30 - 1), { code: 'out_of_memory' });
  using(createConv2d(small, smallWeights), (plan) => plan.run(new Float32Array(plan.srcLength)));
});

function using(plan, use) {
  try {
    return use(plan);
  } finally {
    plan.dispose();
  }
}
