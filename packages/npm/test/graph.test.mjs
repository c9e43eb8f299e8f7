// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { init, loadModel } from 'winograd-conv';
import { cutIntoTiles } from '../esm/graph/tiles.js';
import { Builder } from './layers_model.mjs';
import { random, relativeError } from './reference.mjs';

before(() => init({ threads: 1 }));

async function compare(builder, artifacts, output, steps) {
  const model = await loadModel(artifacts);
  try {
    if (steps !== undefined) assert.equal(model.info.steps, steps);
    // Another size, and back: plans are made anew, weights are not.
    for (const [height, width] of [[12, 10], [9, 17], [12, 10]]) {
      const src = random(height * width * model.info.inChannels, 7);
      const expected = builder.compute(output, src, height, width);
      const result = await model.run(src, { height, width });
      assert.deepEqual([result.height, result.width, result.channels],
        [expected.height, expected.width, expected.channels]);
      const error = relativeError(result.data, expected.data);
      assert.ok(error < 3e-6, `${output}: ${error}`);
    }
  } finally {
    model.dispose();
  }
}

test('a residual dense block becomes its convolutions alone', async () => {
  const b = new Builder(3);
  let block = b.conv('first', 'in', 3, 16);
  let dense = block;
  for (let i = 1; i <= 3; ++i) {
    b.conv(`conv_${i}`, dense, 16 * i, 16);
    b.add('Activation', `relu_${i}`, `conv_${i}`, { activation: 'relu' });
    dense = b.add('Concatenate', `concat_${i}`, [dense, `relu_${i}`], { axis: 3 });
  }
  b.conv('fusion', dense, 64, 16);
  b.add('MultiplyBeta', 'beta', 'fusion', { beta: 0.2 });
  block = b.add('Add', 'sum', [block, 'beta']);
  b.add('MultiplyBeta', 'beta_2', block, { beta: 0.5 });
  b.add('Add', 'sum_2', ['beta_2', 'first']);
  b.conv('up', 'sum_2', 16, 12);
  b.add('PixelShuffle2x', 'shuffle', 'up', { scale: 2 });
  b.conv('last', 'shuffle', 3, 3);
  // Seven convolutions, the shuffle, and a factor of a sum, with the sum after it.
  await compare(b, b.artifacts('last'), 'last', 9);
});

test('every kind of layer', async () => {
  const b = new Builder(4);
  b.conv('strided', 'in', 4, 8, { strides: [2, 2], activation: 'relu6' });
  b.conv('valid', 'strided', 8, 8, { padding: 'valid', kernel_size: [2, 2], use_bias: true });
  b.add('BatchNormalization', 'norm', 'valid', { axis: [3], epsilon: 0.001 },
    { gamma: [8], beta: [8], moving_mean: [8], moving_variance: [8] });
  b.add('ReLU', 'relu', 'norm', { max_value: 1.5 });
  b.add('Dropout', 'dropout', 'relu', { rate: 0.5 });
  b.add('DepthwiseConv2D', 'depthwise', 'dropout', { kernel_size: [3, 3], strides: [1, 1],
    padding: 'same', dilation_rate: [1, 1], depth_multiplier: 2, activation: 'linear', use_bias: true },
  { depthwise_kernel: [3, 3, 8, 2], bias: [16] });
  b.add('LeakyReLU', 'leaky', 'depthwise', { alpha: 0.25 });
  b.add('BatchNormalization', 'norm_2', 'leaky', { axis: 3, epsilon: 0.01 },
    { gamma: [16], beta: [16], moving_mean: [16], moving_variance: [16] });
  b.conv('grouped', 'norm_2', 16, 16, { groups: 4, dilation_rate: [2, 1], kernel_size: [3, 1] });
  b.add('Rescaling', 'rescaled', 'leaky', { scale: 0.5, offset: 0.125 });
  b.add('Add', 'three', ['grouped', 'rescaled', 'norm_2']);
  b.add('Activation', 'after', 'three', { activation: 'relu' });
  b.add('ReLU', 'slope', 'three', { negative_slope: 0.125 });
  b.add('Concatenate', 'both', ['after', 'slope', 'in_small'], { axis: -1 });
  b.conv('in_small', 'strided', 8, 8, { padding: 'valid', kernel_size: [2, 2] });
  b.layers.splice(b.layers.findIndex((layer) => layer.name === 'both'), 0, b.layers.pop());
  b.add('UpSampling2D', 'larger', 'both', { size: [2, 3], interpolation: 'nearest' });
  await compare(b, b.artifacts('larger'), 'larger');
});

test('every activation', async () => {
  const b = new Builder(8);
  let last = 'in';
  for (const activation of ['sigmoid', 'tanh', 'swish', 'mish', 'gelu_new', 'relu6']) {
    last = b.conv(activation, last, 8, 8, { activation });
  }
  b.add('Activation', 'alone', 'in', { activation: 'swish' });
  b.add('Add', 'sum', [last, 'alone']);
  await compare(b, b.artifacts('sum'), 'sum');
});

test('concatenations that convolutions cannot read in parts are made', async () => {
  const b = new Builder(5);
  b.conv('a', 'in', 5, 6);
  b.conv('c', 'in', 5, 16);
  b.add('Concatenate', 'odd', ['a', 'c'], { axis: 3 });
  b.conv('reads_odd', 'odd', 22, 16);
  b.add('Concatenate', 'even', ['c', 'reads_odd', 'a'], { axis: 3 });
  b.conv('reads_even', 'even', 38, 38);
  b.add('Add', 'residual', ['reads_even', 'even']); // reads it as a whole
  b.add('Concatenate', 'output', ['residual', 'even'], { axis: 3 });
  await compare(b, b.artifacts('output'), 'output');
});

test('sums of what others read too', async () => {
  const b = new Builder(16);
  b.conv('a', 'in', 16, 16);
  b.add('Activation', 'r', 'a', { activation: 'relu' });
  b.add('Add', 'twice', ['a', 'a']);
  b.add('Add', 'mixed', ['r', 'twice', 'in']);
  b.conv('b', 'mixed', 16, 16);
  b.add('Add', 'out', ['b', 'mixed']);
  b.add('MultiplyBeta', 'beta', 'out', { beta: 3 });
  b.add('Add', 'last', ['beta', 'out', 'a']);
  await compare(b, b.artifacts('last'), 'last');
});

for (const dtype of ['uint8', 'uint16']) {
  test(`weights quantised to ${dtype}`, async () => {
    const b = new Builder(3);
    b.conv('a', 'in', 3, 20, { activation: 'relu' });
    b.conv('b', 'a', 20, 3);
    const artifacts = b.quantised('b', dtype);
    await compare(b, artifacts, 'b', 2);
  });
}

test('weights in half precision', async () => {
  const b = new Builder(1);
  b.conv('a', 'in', 1, 1, { kernel_size: [1, 1] });
  b.tensors[0].values = Float32Array.of(-1.5);
  b.tensors[1].values = Float32Array.of(2 ** -15);
  const artifacts = b.artifacts('a');
  for (const entry of artifacts.modelJson.weightsManifest[0].weights) {
    entry.quantization = { dtype: 'float16', original_dtype: 'float32' };
  }
  artifacts.weights = Uint16Array.of(0xbe00, 0x0200).buffer;
  await compare(b, artifacts, 'a', 1);
});

test('a sequential model', async () => {
  const b = new Builder(3);
  b.conv('a', 'in', 3, 8);
  b.conv('b', 'a', 8, 4);
  const { modelJson, weights } = b.artifacts('b');
  const [input, ...layers] = b.layers;
  layers[0].config.batch_input_shape = input.config.batch_input_shape;
  modelJson.modelTopology = { class_name: 'Sequential', config: { name: 's',
    layers: layers.map(({ class_name, config }) => ({ class_name, config })) } };
  await compare(b, { modelJson, weights }, 'b', 2);
});

test('what is not supported is named', async () => {
  const refused = async (build, output, message, code = 'unsupported') => {
    const b = new Builder(4);
    build(b);
    await assert.rejects(loadModel(b.artifacts(output)), { name: 'WinogradError', code, message });
  };
  await refused((b) => {
    b.conv('ok', 'in', 4, 4);
    b.add('Conv2DTranspose', 'up', 'ok');
    b.add('LSTM', 'memory', 'up');
    b.conv('soft', 'memory', 4, 4, { activation: 'softmax' });
    b.add('UpSampling2D', 'blur', 'soft', { size: [2, 2], interpolation: 'bilinear' });
  }, 'blur', /up \(Conv2DTranspose\), memory \(LSTM\), soft \(Conv2D: activation is "softmax"\), blur \(UpSampling2D: interpolation is "bilinear"\)/);
  await refused((b) => b.conv('a', 'in', 4, 4, { data_format: 'channels_first' }), 'a', /a \(Conv2D: data_format/);
  await refused((b) => b.conv('a', 'in', 5, 4), 'a', /'a' has weights for 5 channels, but its input has 4/, 'invalid_argument');
  await refused((b) => { b.conv('a', 'in', 4, 4); b.tensors.pop(); }, 'a', /no weights 'a\/bias'/, 'invalid_argument');
  await refused((b) => b.conv('a', 'nothing', 4, 4), 'a', /no layer 'nothing'/, 'invalid_argument');
  await refused((b) => b.add('Add', 'a', ['in', 'a']), 'a', /depends on itself/, 'invalid_argument');
});

test('a file that is no such model is an error', async () => {
  const b = new Builder(3);
  b.conv('a', 'in', 3, 3);
  const { modelJson, weights } = b.artifacts('a');
  const code = 'invalid_argument';
  await assert.rejects(loadModel({ modelJson: {}, weights }), { code, message: /no model.json/ });
  await assert.rejects(loadModel({ modelJson: null, weights }), { code });
  await assert.rejects(loadModel({ modelJson, weights: weights.slice(4) }), { code, message: /bytes/ });
  await assert.rejects(loadModel({ modelJson, weights: new ArrayBuffer(weights.byteLength + 4) }), { code });
  await assert.rejects(loadModel({ modelJson: { ...modelJson, modelTopology: { layers: 3 } }, weights }), { code });
  await assert.rejects(loadModel({ modelJson: { ...modelJson, format: 'graph-model' }, weights }),
    { code: 'unsupported', message: /graph-model/ });
});

function enlarger() {
  const b = new Builder(3);
  b.conv('a', 'in', 3, 16, { activation: 'relu' });
  b.conv('b', 'a', 16, 12);
  b.add('PixelShuffle2x', 'up', 'b', { scale: 2 });
  return [b, b.artifacts('up')];
}

function picture(height, width) {
  const data = Uint8ClampedArray.from(random(4 * height * width, 5), (x) => 128 + 127 * x);
  return { data, height, width };
}

test('tiles are seamless', async () => {
  const [b, artifacts] = enlarger();
  const model = await loadModel(artifacts);
  const small = picture(37, 50);
  const whole = await model.enlarge(small);
  assert.deepEqual([whole.width, whole.height], [100, 74]);
  // Two 3x3 layers see 2 pixels around. The summation differs, so a level may.
  const tiled = await model.enlarge(small, { tile: 20, overlap: 3 });
  const differences = tiled.data.filter((level, i) => Math.abs(level - whole.data[i]) > 1);
  assert.equal(differences.length, 0);
  const narrow = await model.enlarge(small, { tile: 20, overlap: 0 });
  assert.ok(narrow.data.some((level, i) => Math.abs(level - whole.data[i]) > 1));

  // And it is what the formula says.
  const src = Float32Array.from({ length: 37 * 50 * 3 }, (_, i) => small.data[4 * Math.floor(i / 3) + i % 3] / 255);
  const expected = b.compute('up', src, 37, 50).data;
  for (let i = 0; i < 74 * 100; ++i) {
    for (let c = 0; c < 3; ++c) {
      const level = Math.min(Math.max(expected[3 * i + c] * 255, 0), 255);
      assert.ok(Math.abs(whole.data[4 * i + c] - level) < 0.51);
    }
    assert.equal(whole.data[4 * i + 3], small.data[4 * (Math.floor(i / 200) * 50 + Math.floor(i % 100 / 2)) + 3]);
  }
  model.dispose();
});

test('progress rises to 1, and a run can be cancelled', async () => {
  const [, artifacts] = enlarger();
  const model = await loadModel(artifacts);
  const seen = [];
  await model.enlarge(picture(70, 70), { tile: 16, overlap: 3, onProgress: (done) => seen.push(done) });
  assert.equal(seen.at(-1), 1);
  assert.ok(seen.length >= 36);
  assert.ok(seen.every((done, i) => i === 0 || done >= seen[i - 1]));

  const controller = new AbortController();
  let calls = 0;
  const onProgress = () => { if (++calls === 2) controller.abort(); };
  await assert.rejects(model.enlarge(picture(70, 70), { tile: 16, overlap: 3, onProgress, signal: controller.signal }),
    { name: 'AbortError' });
  assert.equal(calls, 2);
  // Afterwards it works, also for several at once.
  const [one, two] = await Promise.all([model.enlarge(picture(8, 8)), model.enlarge(picture(8, 9))]);
  assert.deepEqual([one.width, two.width], [16, 18]);
  assert.ok(model.packedBytes > 0);
  model.dispose();
  model.dispose();
  await assert.rejects(model.enlarge(picture(8, 8)), { message: /disposed/ });
});

test('pictures that cannot be are refused', async () => {
  const [, artifacts] = enlarger();
  const model = await loadModel(artifacts);
  const code = 'invalid_argument';
  await assert.rejects(model.enlarge({ data: new Uint8ClampedArray(4), width: 2, height: 2 }), { code });
  await assert.rejects(model.enlarge({ data: new Uint8ClampedArray(0), width: 0, height: 0 }), { code });
  await assert.rejects(model.enlarge(picture(4, 4), { tile: 32, overlap: 16 }), { code, message: /twice/ });
  await assert.rejects(model.enlarge(picture(4, 4), { range: 0 }), { code });
  await assert.rejects(model.run(new Float32Array(3), { height: 2, width: 2 }), { code, message: /src has 3/ });
  model.dispose();
});

test('tiles cover each pixel once, with enough around', () => {
  for (const [height, width] of [[1, 1], [40, 40], [41, 39], [100, 7], [64, 133], [200, 201]]) {
    for (const overlap of [0, 1, 8, 19]) {
      const hits = new Uint8Array(height * width);
      for (const { y, x } of cutIntoTiles(height, width, 40, overlap)) {
        for (const [span, length] of [[y, height], [x, width]]) {
          assert.ok(span.begin >= 0 && span.begin + span.size <= length && span.size <= 40);
          assert.ok(Math.max(span.keptBegin - overlap, 0) >= span.begin);
          assert.ok(Math.min(span.keptBegin + span.keptSize + overlap, length) <= span.begin + span.size);
        }
        for (let i = y.keptBegin; i < y.keptBegin + y.keptSize; ++i) {
          for (let j = x.keptBegin; j < x.keptBegin + x.keptSize; ++j) ++hits[i * width + j];
        }
      }
      assert.ok(hits.every((count) => count === 1), `${height} x ${width}, ${overlap}`);
    }
  }
});
