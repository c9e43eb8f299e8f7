// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Tells TensorFlow.js of the layers that the networks brought along, as UpscalerJS defines them.
/* global tf */
class MultiplyBeta extends tf.layers.Layer {
  constructor(config) {
    super(config);
    this.beta = config.beta;
  }
  call(inputs) {
    return tf.mul([].concat(inputs)[0], this.beta);
  }
  static get className() { return 'MultiplyBeta'; }
}
class PixelShuffle4x extends tf.layers.Layer {
  constructor(config) {
    super(config);
    this.scale = config.scale;
  }
  computeOutputShape([batch, height, width, channels]) {
    const grown = (extent) => extent === null ? null : extent * this.scale;
    return [batch, grown(height), grown(width), channels / this.scale ** 2];
  }
  call(inputs) {
    return tf.depthToSpace([].concat(inputs)[0], this.scale, 'NHWC');
  }
  static get className() { return 'PixelShuffle4x'; }
}
tf.serialization.registerClass(MultiplyBeta);
tf.serialization.registerClass(PixelShuffle4x);
