// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Makes small layers models, and computes them layer by layer in double precision, without any of
// what the package does to be fast.
import { conv2d, random } from './reference.mjs';

/** Collects layers and their weights; each method returns the name of the layer. */
export class Builder {
  layers = [];
  tensors = [];
  #seed = 100;

  constructor(channels) {
    this.layers.push({ class_name: 'InputLayer', name: 'in', inbound_nodes: [],
      config: { name: 'in', batch_input_shape: [null, null, null, channels] } });
  }

  add(kind, name, inputs, config = {}, weights = {}) {
    this.layers.push({ class_name: kind, name, config: { name, ...config },
      inbound_nodes: [[].concat(inputs).map((input) => [input, 0, 0, {}])] });
    for (const [what, shape] of Object.entries(weights)) {
      const values = random(shape.reduce((a, b) => a * b), this.#seed++);
      if (what === 'moving_variance') values.forEach((value, i) => { values[i] = 0.5 + value ** 2; });
      this.tensors.push({ name: `${name}/${what}`, shape, values });
    }
    return name;
  }

  conv(name, input, inChannels, outChannels, config = {}) {
    const kernel = config.kernel_size ?? [3, 3];
    return this.add('Conv2D', name, input, {
      filters: outChannels, kernel_size: kernel, strides: [1, 1], padding: 'same',
      data_format: 'channels_last', dilation_rate: [1, 1], groups: 1, activation: 'linear', use_bias: true,
      ...config,
    }, { kernel: [...kernel, inChannels / (config.groups ?? 1), outChannels], bias: [outChannels] });
  }

  modelJson(output, weightsManifest) {
    return {
      format: 'layers-model',
      modelTopology: { model_config: { class_name: 'Functional', config: { layers: this.layers,
        input_layers: [['in', 0, 0]], output_layers: [[output, 0, 0]] } } },
      weightsManifest,
    };
  }

  /** With weights as they are. */
  artifacts(output) {
    const weights = this.tensors.map(({ name, shape }) => ({ name, shape, dtype: 'float32' }));
    const all = this.tensors.flatMap(({ values }) => [...values]);
    return { modelJson: this.modelJson(output, [{ paths: ['a.bin'], weights }]),
      weights: Float32Array.from(all).buffer };
  }

  /** In 8 or 16 bits; the tensors of this builder become what that leaves of them. */
  quantised(output, dtype) {
    const levels = dtype === 'uint8' ? 255 : 65535;
    const weights = [], bytes = [];
    for (const tensor of this.tensors) {
      const scale = 2 / levels, min = -1;
      const stored = tensor.values.map((value) => Math.round((value - min) / scale));
      const array = dtype === 'uint8' ? Uint8Array.from(stored) : Uint16Array.from(stored);
      bytes.push(...new Uint8Array(array.buffer));
      tensor.values = Float32Array.from(array, (q) => q * scale + min);
      weights.push({ name: tensor.name, shape: tensor.shape, dtype: 'float32',
        quantization: { dtype, scale, min, original_dtype: 'float32' } });
    }
    return { modelJson: this.modelJson(output, [{ paths: ['a.bin'], weights }]),
      weights: Uint8Array.from(bytes).buffer };
  }

  compute(output, src, height, width) {
    const done = new Map([['in', { data: src, height, width,
      channels: this.layers[0].config.batch_input_shape[3] }]]);
    for (const layer of this.layers.slice(1)) {
      const inputs = layer.inbound_nodes[0].map(([name]) => done.get(name));
      done.set(layer.name, this.#layer(layer, inputs));
    }
    return done.get(output);
  }

  #layer({ class_name: kind, name, config }, inputs) {
    const weights = (what) => this.tensors.find((tensor) => tensor.name === `${name}/${what}`)?.values;
    const [input] = inputs;
    const map = (change) => ({ ...input, data: input.data.map((x, i) => change(x, i % input.channels, i)) });
    const { height, width, channels } = input;
    switch (kind) {
      case 'Conv2D': case 'DepthwiseConv2D': {
        const depthwise = kind === 'DepthwiseConv2D';
        const outChannels = depthwise ? channels * config.depth_multiplier : config.filters;
        const stride = config.strides, dilation = config.dilation_rate, kernel = config.kernel_size;
        const out = [height, width].map((length, i) => config.padding === 'same' ? Math.ceil(length / stride[i])
          : Math.floor((length - dilation[i] * (kernel[i] - 1) - 1) / stride[i]) + 1);
        const all = [height, width].map((length, i) => config.padding === 'same'
          ? Math.max((out[i] - 1) * stride[i] + dilation[i] * (kernel[i] - 1) + 1 - length, 0) : 0);
        const before = all.map((one) => Math.floor(one / 2));
        const data = conv2d({ inChannels: channels, outChannels, height, width, kernel, stride, dilation,
          groups: depthwise ? channels : config.groups, layout: 'nhwc', weightLayout: 'hwio',
          padding: [before[0], before[1], all[0] - before[0], all[1] - before[1]],
          activate: activations[config.activation] },
        weights(depthwise ? 'depthwise_kernel' : 'kernel'), weights('bias'), input.data);
        return { data, height: out[0], width: out[1], channels: outChannels };
      }
      case 'Activation': return map(activations[config.activation]);
      case 'ReLU':
        return map((x) => config.negative_slope && x < 0 ? x * config.negative_slope
          : Math.min(Math.max(x, 0), config.max_value ?? Infinity));
      case 'LeakyReLU': return map((x) => x < 0 ? x * config.alpha : x);
      case 'Dropout': return input;
      case 'MultiplyBeta': return map((x) => x * config.beta);
      case 'Rescaling': return map((x) => x * config.scale + config.offset);
      case 'BatchNormalization':
        return map((x, c) => (x - weights('moving_mean')[c])
          / Math.sqrt(weights('moving_variance')[c] + config.epsilon) * weights('gamma')[c] + weights('beta')[c]);
      case 'Add': return map((x, c, i) => inputs.reduce((sum, one) => sum + one.data[i], 0));
      case 'Concatenate': {
        const sum = inputs.reduce((total, one) => total + one.channels, 0);
        const data = [];
        for (let p = 0; p < height * width; ++p) {
          for (const one of inputs) data.push(...one.data.slice(p * one.channels, (p + 1) * one.channels));
        }
        return { data: Float64Array.from(data), height, width, channels: sum };
      }
      case 'UpSampling2D': case 'PixelShuffle2x': {
        const [down, across] = config.size ?? [config.scale, config.scale];
        const out = kind === 'UpSampling2D' ? channels : channels / (down * across);
        const data = new Float64Array(height * down * width * across * out);
        for (let i = 0; i < data.length; ++i) {
          const c = i % out, x = Math.floor(i / out) % (width * across), y = Math.floor(i / out / width / across);
          const from = kind === 'UpSampling2D' ? c : ((y % down) * across + x % across) * out + c;
          data[i] = input.data[(Math.floor(y / down) * width + Math.floor(x / across)) * channels + from];
        }
        return { data, height: height * down, width: width * across, channels: out };
      }
      default: throw new Error(kind);
    }
  }
}

const activations = {
  linear: (x) => x,
  relu: (x) => Math.max(x, 0),
  relu6: (x) => Math.min(Math.max(x, 0), 6),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  tanh: Math.tanh,
  swish: (x) => x / (1 + Math.exp(-x)),
  mish: (x) => x * Math.tanh(Math.log1p(Math.exp(x))),
  gelu_new: (x) => x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
};
