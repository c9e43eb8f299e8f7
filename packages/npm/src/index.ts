// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0

export { init, runtimeInfo, type InitOptions, type RuntimeInfo } from './init.js';
export { WinogradError, type ErrorCode } from './errors.js';
export { createConv2d, Conv2d, type Floats, type Halves, type PlanInfo } from './conv2d.js';
export { HeapFloats, HeapHalves } from './heap.js';
export type { Activation, Algorithm, Conv2dOptions, DataType, Padding, Pair } from './description.js';
export { loadModel, Model, type EnlargeOptions, type Image, type ModelArtifacts, type ModelInfo, type Picture,
  type PictureSource, type RunOptions } from './graph/model.js';
