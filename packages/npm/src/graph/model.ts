// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0

import { invalid, WinogradError } from '../errors.js';
import { theRuntime } from '../init.js';
import { fuse } from './fuse.js';
import { readGraph } from './layers.js';
import { Network } from './network.js';
import { cutIntoTiles, type Tile } from './tiles.js';
import { readWeights, type WeightGroup } from './weights.js';

/** The text of a model.json of TensorFlow.js, parsed, and the bytes of its weight files in a row. */
export interface ModelArtifacts {
  modelJson: unknown;
  weights: ArrayBuffer;
}

export interface RunOptions {
  /** Called now and then with the part that is done, from 0 to 1. */
  onProgress?: (done: number) => void;
  /** Ends the run between two layers; the promise is then rejected with the signal's reason. */
  signal?: AbortSignal;
}

export interface EnlargeOptions extends RunOptions {
  /** What white is in the network's numbers: 1 or 255. Default 1. */
  range?: number;
  /** Larger pictures are cut into tiles of this side, in pixels. Memory grows with its square. Default 256. */
  tile?: number;
  /** Pixels that neighbouring tiles share, at least. Default 16. */
  overlap?: number;
}

/** NHWC, of one image. */
export interface Image {
  data: Float32Array;
  height: number;
  width: number;
  channels: number;
}

/** RGBA, 8 bits each, as ImageData has it. */
export interface Picture {
  data: Uint8ClampedArray<ArrayBuffer>;
  width: number;
  height: number;
}

/** What enlarge() reads; ImageData is one. */
export interface PictureSource {
  data: Uint8ClampedArray | Uint8Array;
  width: number;
  height: number;
}

export interface ModelInfo {
  inChannels: number;
  outChannels: number;
  /** Layers of the model, the input left out. */
  layers: number;
  /** Steps that they became. */
  steps: number;
  convolutions: number;
}

/** How long a run goes on before it lets others run, in milliseconds. */
const kSlice = 40;

/** After the messages and timers that wait. */
function pause(): Promise<void> {
  return new Promise((resolve) => {
    const { setImmediate } = globalThis as { setImmediate?: (callback: () => void) => void };
    if (setImmediate) {
      setImmediate(resolve);
      return;
    }
    // setTimeout would wait for 4 ms at least.
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      channel.port1.close();
      resolve();
    };
    channel.port2.postMessage(null);
  });
}

export class Model {
  readonly info: ModelInfo;
  readonly #network: Network;
  #disposed = false;
  /** One run at a time: they share the tensors. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(artifacts: ModelArtifacts) {
    const { modelTopology: topology, weightsManifest: manifest, format } = (artifacts.modelJson ?? {}) as
      { modelTopology?: unknown; weightsManifest?: WeightGroup[]; format?: string };
    if (topology === undefined || !Array.isArray(manifest)) {
      throw invalid('this is no model.json of TensorFlow.js: it has no modelTopology or weightsManifest');
    }
    if (format !== undefined && format !== 'layers-model') {
      throw new WinogradError('unsupported', `the model's format is '${format}', not 'layers-model'`);
    }
    const graph = readGraph(topology, readWeights(manifest, artifacts.weights));
    const fused = fuse(graph);
    this.#network = new Network(theRuntime(), fused);
    this.info = Object.freeze({
      inChannels: fused.inChannels,
      outChannels: fused.channels.get(fused.output)!,
      layers: graph.nodes.length,
      steps: fused.nodes.length,
      convolutions: fused.nodes.filter((step) => step.kind === 'conv').length,
    });
  }

  /** Bytes of packed weights; 0 before the first run, which packs them. */
  get packedBytes(): number {
    return this.#disposed ? 0 : this.#network.packedBytes;
  }

  /** Runs the network on one image: height x width x channels floats. */
  run(src: Float32Array, extent: { height: number; width: number }, options: RunOptions = {}): Promise<Image> {
    const { height, width } = extent;
    return this.#alone(async () => {
      this.#checkSize(height, width);
      const length = height * width * this.info.inChannels;
      if (!(src instanceof Float32Array) || src.length !== length) {
        throw invalid(`src has ${src?.length} floats, ${length} are needed`);
      }
      this.#network.prepare({ height, width });
      this.#network.src.set(src);
      await this.#compute(options, (done) => done);
      return { data: new Float32Array(this.#network.dst), ...this.#network.outExtent,
        channels: this.info.outChannels };
    });
  }

  /**
   * Enlarges a picture with a network of three channels in and out. Opaqueness (alpha) is enlarged by
   * repeating pixels.
   */
  enlarge(picture: PictureSource, options: EnlargeOptions = {}): Promise<Picture> {
    const { range = 1, tile: side = 256, overlap = 16 } = options;
    return this.#alone(async () => {
      const { width, height, data } = picture;
      this.#checkSize(height, width);
      if (this.info.inChannels !== 3 || this.info.outChannels !== 3) {
        throw new WinogradError('unsupported', `the network makes ${this.info.outChannels} channels of `
          + `${this.info.inChannels}; pictures have 3`);
      }
      if (data?.length !== 4 * width * height) {
        throw invalid(`the picture has ${data?.length} bytes, ${4 * width * height} are needed`);
      }
      if (!(range > 0) || !Number.isInteger(side) || !Number.isInteger(overlap) || overlap < 0 || side <= 2 * overlap) {
        throw invalid(`range is ${range}, tile ${side} and overlap ${overlap}: range must be positive, and `
          + 'tile more than twice overlap');
      }
      const tiles = cutIntoTiles(height, width, side, overlap);
      let large: Picture | undefined;
      for (const [number, tile] of tiles.entries()) {
        const { y, x } = tile;
        this.#network.prepare({ height: y.size, width: x.size });
        this.#write(picture, tile, range / 255);
        await this.#compute(options, (done) => (number + done) / tiles.length);
        const out = this.#network.outExtent;
        const scale = out.height / y.size;
        if (!Number.isInteger(scale) || out.width !== scale * x.size) {
          throw new WinogradError('unsupported', `the network makes ${out.width} x ${out.height} pixels of `
            + `${x.size} x ${y.size}: that is no enlargement by a whole number`);
        }
        large ??= { data: new Uint8ClampedArray(4 * width * height * scale * scale), width: width * scale,
          height: height * scale };
        this.#read(large, tile, scale, 255 / range);
      }
      copyAlpha(picture, large!);
      return large!;
    });
  }

  #checkSize(height: number, width: number): void {
    if (![height, width].every((extent) => Number.isSafeInteger(extent) && extent >= 1)) {
      throw invalid(`the image has ${width} x ${height} pixels`);
    }
  }

  /** Pixels of the tile into the network's input. */
  #write(picture: PictureSource, { y, x }: Tile, factor: number): void {
    const { src } = this.#network;
    let to = 0;
    for (let row = y.begin; row < y.begin + y.size; ++row) {
      let from = 4 * (row * picture.width + x.begin);
      for (let i = 0; i < x.size; ++i, from += 4) {
        for (let c = 0; c < 3; ++c) src[to++] = picture.data[from + c]! * factor;
      }
    }
  }

  /** What is kept of the network's output into the picture; the array rounds and clamps. */
  #read(large: Picture, { y, x }: Tile, scale: number, factor: number): void {
    const { dst } = this.#network;
    for (let row = scale * y.keptBegin; row < scale * (y.keptBegin + y.keptSize); ++row) {
      let to = 4 * (row * large.width + scale * x.keptBegin);
      let from = 3 * ((row - scale * y.begin) * scale * x.size + scale * (x.keptBegin - x.begin));
      for (let i = 0; i < scale * x.keptSize; ++i, to += 4) {
        for (let c = 0; c < 3; ++c) large.data[to + c] = dst[from++]! * factor;
        large.data[to + 3] = 255;
      }
    }
  }

  async #compute({ signal, onProgress }: RunOptions, part: (done: number) => number): Promise<void> {
    const { actions, cost } = this.#network;
    let done = 0;
    let slice = performance.now();
    signal?.throwIfAborted();
    for (const action of actions) {
      action.run();
      done += action.cost;
      if (performance.now() - slice < kSlice) continue;
      onProgress?.(part(done / cost));
      await pause();
      signal?.throwIfAborted();
      slice = performance.now();
    }
    onProgress?.(part(1));
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(() => {
      if (this.#disposed) throw invalid('this model was disposed of');
      return work();
    });
    this.#queue = result.catch(() => {});
    return result;
  }

  /** Frees all that the model holds, as soon as no run is under way. */
  dispose(): void {
    if (this.#disposed) return;
    void this.#queue.then(() => this.#network.dispose());
    this.#disposed = true;
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

function copyAlpha(small: PictureSource, large: Picture): void {
  const scale = large.width / small.width;
  for (let y = 0; y < large.height; ++y) {
    const row = Math.floor(y / scale) * small.width;
    for (let x = 0; x < large.width; ++x) {
      large.data[4 * (y * large.width + x) + 3] = small.data[4 * (row + Math.floor(x / scale)) + 3]!;
    }
  }
}

async function read(url: URL, signal: AbortSignal | undefined): Promise<ArrayBuffer> {
  if (url.protocol === 'file:') { // of which Node's fetch knows nothing
    const { readFile } = await import(/* webpackIgnore: true */ /* @vite-ignore */ 'node:fs/promises' as string) as
      { readFile(url: URL): Promise<Uint8Array<ArrayBuffer>> };
    const { buffer, byteOffset, byteLength } = await readFile(url);
    return buffer.slice(byteOffset, byteOffset + byteLength);
  }
  const response = await fetch(url, signal ? { signal } : {});
  if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`);
  return response.arrayBuffer();
}

/**
 * Reads a layers model of TensorFlow.js: the address of its model.json, relative to the page or
 * worker, or what was read already.
 */
export async function loadModel(source: string | URL | ModelArtifacts,
  { signal }: { signal?: AbortSignal } = {}): Promise<Model> {
  theRuntime(); // says at once if it is not there
  if (!(source instanceof URL) && typeof source !== 'string') return new Model(source);
  const base = (globalThis as { location?: { href: string } }).location?.href;
  const url = new URL(source, base);
  const modelJson = JSON.parse(new TextDecoder().decode(await read(url, signal))) as
    { weightsManifest?: WeightGroup[] };
  const paths = (modelJson.weightsManifest ?? []).flatMap((group) => group.paths);
  const files = await Promise.all(paths.map((path) => read(new URL(path, url), signal)));
  const weights = new Uint8Array(files.reduce((sum, file) => sum + file.byteLength, 0));
  let offset = 0;
  for (const file of files) {
    weights.set(new Uint8Array(file), offset);
    offset += file.byteLength;
  }
  return new Model({ modelJson, weights: weights.buffer });
}
