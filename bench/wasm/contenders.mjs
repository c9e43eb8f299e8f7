// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// What is compared, behind one interface: make(options) gives { name, version, convolution, network }.
//   convolution(layer, tensors)  -> { run(), read() -> dst as NHWC }
//   network(model, height, width, src)
//                                -> { run(), read() }
// run() may return a promise. Each engine gets the layout and the way of calling that suit it: tensors
// stay in its memory where it lets them.
import { convolution as onnxConvolution } from './onnx.mjs';

/** Addresses differ: `files` has those of the package, of the peers, and of the models. */
export async function winograd({ threads, files }) {
  const { init, createConv2d, HeapFloats, loadModel } = await import(files.winograd);
  const { isa } = await init({ threads });
  return {
    name: 'winograd', version: isa,
    convolution(layer, { src, weights, bias }) {
      const { height, width, inChannels, outChannels, kernel, groups } = layer;
      const plan = createConv2d({ height, width, inChannels, outChannels, kernel, groups, layout: 'nhwc',
        weightLayout: 'hwio', activation: 'relu', padding: (kernel - 1) / 2 }, weights, bias);
      const x = new HeapFloats(plan.srcLength), y = new HeapFloats(plan.dstLength);
      x.view.set(src);
      return { run: () => plan.run(x, y), read: () => new Float32Array(y.view), note: plan.info.algorithm,
        dispose: () => [plan, x, y].forEach((one) => one.dispose()) };
    },
    async network(model, height, width, src) {
      const network = await loadModel(new URL(`tfjs/${model}/model.json`, files.models));
      let result;
      return { run: async () => { result = await network.run(src, { height, width }); }, read: () => result.data,
        dispose: () => network.dispose() };
    },
  };
}

export async function tensorflow({ threads, files, loadScript, readJson, readBytes, platform }) {
  for (const file of ['tf-core', 'tf-layers', 'tf-backend-wasm']) await loadScript(`${files.peers}tfjs/${file}.min.js`);
  const { tf } = globalThis;
  await loadScript(files.tfjsLayers);
  Object.assign(tf.env().platform, platform);
  tf.wasm.setWasmPaths(files.tfjsWasm, /*usePlatformFetch=*/true);
  tf.wasm.setThreadsCount(threads);
  await tf.setBackend('wasm');
  await tf.ready();
  return {
    name: 'tensorflow', version: tf.version_core,
    convolution(layer, { src, weights, bias }) {
      const { height, width, inChannels, outChannels, kernel, groups } = layer;
      const x = tf.tensor4d(src, [1, height, width, inChannels]);
      const depthwise = groups > 1;
      const filter = depthwise ? tf.tensor4d(weights, [kernel, kernel, inChannels, 1])
        : tf.tensor4d(weights, [kernel, kernel, inChannels, outChannels]);
      const options = { x, filter, strides: 1, pad: 'same', bias: tf.tensor1d(bias), activation: 'relu' };
      const compute = depthwise ? tf.fused.depthwiseConv2d : tf.fused.conv2d;
      let y;
      return {
        run() {
          y?.dispose();
          y = compute(options);
        },
        read: () => y.dataSync(),
        dispose: () => [x, filter, options.bias, y].forEach((one) => one.dispose()),
      };
    },
    async network(model, height, width, src) {
      const folder = new URL(`tfjs/${model}/`, files.models);
      const { modelTopology, weightsManifest } = await readJson(new URL('model.json', folder));
      const network = await tf.loadLayersModel({ load: async () => ({ modelTopology,
        weightSpecs: weightsManifest.flatMap((group) => group.weights),
        weightData: await readBytes(new URL(weightsManifest[0].paths[0], folder)) }) });
      const x = tf.tensor4d(src, [1, height, width, 3]);
      let result;
      return {
        async run() {
          const y = network.predict(x);
          result = await y.data();
          y.dispose();
        },
        read: () => result, dispose: () => x.dispose(),
      };
    },
  };
}

function toPlanes(src, pixels, channels) {
  return Float32Array.from(src, (_, i) => src[(i % pixels) * channels + Math.floor(i / pixels)]);
}

function fromPlanes(src, pixels, channels) {
  return Float32Array.from(src, (_, i) => src[(i % channels) * pixels + Math.floor(i / channels)]);
}

export async function onnxruntime({ threads, files, readBytes }) {
  const ort = await import(`${files.peers}ort/ort.wasm.min.mjs`);
  ort.env.wasm.numThreads = threads;
  ort.env.wasm.wasmPaths = files.ortWasm;
  ort.env.logLevel = 'error';
  const start = async (model, shape, src, outChannels) => {
    const session = await ort.InferenceSession.create(model, { executionProviders: ['wasm'], graphOptimizationLevel: 'all' });
    const pixels = shape[2] * shape[3];
    const input = { [session.inputNames[0]]: new ort.Tensor('float32', toPlanes(src, pixels, shape[1]), shape) };
    let y;
    return {
      run: async () => { y = (await session.run(input))[session.outputNames[0]]; },
      read: () => fromPlanes(y.data, y.data.length / outChannels, outChannels),
      dispose: () => session.release(),
    };
  };
  return {
    name: 'onnxruntime', version: ort.env.versions.web,
    convolution(layer, { src, weights, bias }) {
      const { height, width, inChannels, outChannels, kernel, groups } = layer;
      // OIHW of HWIO.
      const taps = kernel * kernel, perGroup = inChannels / groups;
      const oihw = Float32Array.from(weights, (_, i) => {
        const k = Math.floor(i / (perGroup * taps)), c = Math.floor(i / taps) % perGroup;
        return weights[((i % taps) * perGroup + c) * outChannels + k];
      });
      return start(onnxConvolution(layer, oihw, bias), [1, inChannels, height, width], src, outChannels);
    },
    async network(model, height, width, src) {
      return start(new Uint8Array(await readBytes(new URL(`${model}.onnx`, files.models))), [1, 3, height, width], src, 3);
    },
  };
}

export const contenders = { winograd, tensorflow, onnxruntime };
