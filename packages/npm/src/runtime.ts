// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The one loaded module: its memory, and calls that turn a status into an exception.

import type { WasmModule } from './wasm_module.js';
import { WinogradError, type ErrorCode } from './errors.js';
import { kRequirement, kStatusSize, kWorkspace } from './structs.js';

/** Names of the C interface by number, as the module itself tells them. */
const kNamed = ['status_code', 'layout', 'activation', 'algorithm', 'accuracy', 'isa', 'data_type'] as const;
type Named = (typeof kNamed)[number];

// In the scratch memory, which holds the structures of one call. None has more than 512 bytes.
const kStatus = 0;
const kRequirementAt = kStatusSize;
const kWorkspaceAt = kRequirementAt + kRequirement.size;
const kFree = Math.ceil((kWorkspaceAt + kWorkspace.size) / 8) * 8;
const kScratchBytes = kFree + 1024 + 64 * 16;

export class Runtime {
  readonly #scratch: number;
  readonly #names = {} as Record<Named, string[]>;
  #workspace = { block: 0, data: 0, bytes: 0 };
  #staging = [{ pointer: 0, bytes: 0 }, { pointer: 0, bytes: 0 }, { pointer: 0, bytes: 0 }];
  #users = 0;

  constructor(readonly module: WasmModule, readonly threads: number, readonly executor: number) {
    this.#scratch = this.allocate(kScratchBytes);
    for (const kind of kNamed) {
      const names: string[] = [];
      const name = module[`_winograd_${kind}_name`]!;
      for (let i = 0; ; ++i) {
        const text = this.text(name(i));
        if (text === 'unknown') break;
        names.push(text);
      }
      this.#names[kind] = names;
    }
  }

  // Views are made when they are needed: memory that grows leaves older ones behind.
  get view(): DataView {
    return new DataView(this.module.HEAPU8.buffer);
  }

  floats(pointer: number, length: number): Float32Array {
    return new Float32Array(this.module.HEAPU8.buffer, pointer, length);
  }

  bytes(pointer: number, length: number): Uint8Array {
    return new Uint8Array(this.module.HEAPU8.buffer, pointer, length);
  }

  halves(pointer: number, length: number): Uint16Array {
    return new Uint16Array(this.module.HEAPU8.buffer, pointer, length);
  }

  /** A zero-terminated text. */
  text(pointer: number): string {
    const heap = this.module.HEAPU8;
    // Copied: a decoder takes nothing shared.
    return new TextDecoder().decode(heap.slice(pointer, heap.indexOf(0, pointer)));
  }

  name(kind: Named, value: number): string {
    return this.#names[kind][value] ?? 'unknown';
  }

  /** The number of `name`; throws if there is none. */
  number(kind: Named, name: string): number {
    const value = this.#names[kind].indexOf(name);
    if (value < 0) {
      throw new WinogradError('invalid_argument',
        `${kind} is '${name}', which is none of ${this.#names[kind].join(', ')}`);
    }
    return value;
  }

  /** The best instruction set: within an architecture, a better one has a larger number. */
  get isa(): string {
    return this.#names.isa.findLast((_, value) => this.module._winograd_isa_available!(value) === 1)!;
  }

  allocate(bytes: number): number {
    const pointer = this.module._malloc(Math.max(bytes, 1));
    if (pointer === 0) throw new WinogradError('out_of_memory', `no memory for ${bytes} bytes`);
    return pointer >>> 0;
  }

  free(pointer: number): void {
    if (pointer !== 0) this.module._free(pointer);
  }

  /** Memory for structures, the same for every call. */
  get arguments(): number {
    return this.#scratch + kFree;
  }

  /** Calls what returns a winograd_status, and throws unless it is OK. */
  call(name: string, ...values: number[]): void {
    const status = this.#scratch + kStatus;
    this.module[`_winograd_${name}`]!(status, ...values);
    const code = this.view.getInt32(status, true);
    if (code !== 0) {
      throw new WinogradError(this.name('status_code', code) as ErrorCode, this.text(status + 4));
    }
  }

  /** Runs a plan. `type` is the number of a data type, 0 that of 'f32'; the others are pointers. */
  run(plan: number, src: number, dst: number, residual: number, type = 0): void {
    this.call('conv2d_plan_run_typed', plan, type, src, dst, this.#workspaceFor(plan), this.executor,
      residual);
  }

  runParts(plan: number, parts: number, count: number, dst: number, residual: number): void {
    this.call('conv2d_plan_run_parts', plan, parts, count, dst, this.#workspaceFor(plan),
      this.executor, residual);
  }

  /** The winograd_workspace that is large enough for `plan`. One serves all: runs do not overlap. */
  #workspaceFor(plan: number): number {
    const requirement = this.#scratch + kRequirementAt;
    this.module._winograd_conv2d_plan_workspace!(requirement, plan, this.threads);
    const bytes = kRequirement.get(this.view, requirement, 'size_bytes');
    const alignment = kRequirement.get(this.view, requirement, 'alignment_bytes');
    const have = this.#workspace;
    if (bytes > have.bytes || have.data % alignment !== 0) {
      this.free(have.block);
      this.#workspace = { block: 0, data: 0, bytes: 0 };
      const block = this.allocate(bytes + alignment);
      this.#workspace = { block, data: Math.ceil(block / alignment) * alignment, bytes };
    }
    const workspace = this.#scratch + kWorkspaceAt;
    kWorkspace.set(this.view, workspace,
      { data: this.#workspace.data, size_bytes: this.#workspace.bytes });
    return workspace;
  }

  /** Room for what a call copies in or out; `place` is 0, 1 or 2. */
  staging(place: 0 | 1 | 2, bytes: number): number {
    const have = this.#staging[place]!;
    if (bytes > have.bytes) {
      this.free(have.pointer);
      have.pointer = have.bytes = 0;
      have.pointer = this.allocate(bytes);
      have.bytes = bytes;
    }
    return have.pointer;
  }

  /** Scratch memory is kept as long as there is a plan. */
  retain(): void {
    ++this.#users;
  }

  release(): void {
    if (--this.#users > 0) return;
    this.free(this.#workspace.block);
    this.#workspace = { block: 0, data: 0, bytes: 0 };
    for (const have of this.#staging) {
      this.free(have.pointer);
      have.pointer = have.bytes = 0;
    }
  }
}
