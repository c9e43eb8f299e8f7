// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The structures of winograd/winograd.h as they lie in WebAssembly's memory: their fields in order.
// Offsets follow from the types. test/structs.test.mjs has a C compiler compare them.

export type FieldType = 'size' | 'pointer' | 'i32' | 'i64' | 'f32' | 'f64';

/** wasm32: each is aligned to its own size. */
const kBytes: Record<FieldType, number> = { size: 4, pointer: 4, i32: 4, i64: 8, f32: 4, f64: 8 };

export class Struct<Name extends string> {
  readonly offsets: Record<Name, number>;
  readonly size: number;

  constructor(readonly cName: string, readonly fields: Record<Name, FieldType>) {
    const offsets = {} as Record<Name, number>;
    let end = 0;
    let alignment = 1;
    for (const [name, type] of Object.entries(fields) as [Name, FieldType][]) {
      const bytes = kBytes[type];
      end = Math.ceil(end / bytes) * bytes;
      offsets[name] = end;
      end += bytes;
      alignment = Math.max(alignment, bytes);
    }
    this.offsets = offsets;
    this.size = Math.ceil(end / alignment) * alignment;
  }

  get(view: DataView, pointer: number, name: Name): number {
    const at = pointer + this.offsets[name];
    switch (this.fields[name]) {
      case 'i32': return view.getInt32(at, true);
      case 'i64': return Number(view.getBigInt64(at, true));
      case 'f32': return view.getFloat32(at, true);
      case 'f64': return view.getFloat64(at, true);
      default: return view.getUint32(at, true);
    }
  }

  set(view: DataView, pointer: number, values: Partial<Record<Name, number>>): void {
    for (const [name, value] of Object.entries(values) as [Name, number][]) {
      const at = pointer + this.offsets[name];
      switch (this.fields[name]) {
        case 'i32': view.setInt32(at, value, true); break;
        case 'i64': view.setBigInt64(at, BigInt(value), true); break;
        case 'f32': view.setFloat32(at, value, true); break;
        case 'f64': view.setFloat64(at, value, true); break;
        default: view.setUint32(at, value, true);
      }
    }
  }
}

export const kDesc = new Struct('winograd_conv2d_desc', {
  struct_size: 'size', batch: 'i64', in_channels: 'i64', out_channels: 'i64', height: 'i64',
  width: 'i64', kernel_h: 'i64', kernel_w: 'i64', stride_h: 'i64', stride_w: 'i64',
  dilation_h: 'i64', dilation_w: 'i64', pad_top: 'i64', pad_left: 'i64', pad_bottom: 'i64',
  pad_right: 'i64', groups: 'i64', layout: 'i32', residual: 'i32', activation: 'i32',
  activation_min: 'f32', activation_max: 'f32', leaky_slope: 'f32', data_type: 'i32', reserved: 'i32',
});

export const kOptions = new Struct('winograd_plan_options', {
  struct_size: 'size', algorithm: 'i32', accuracy: 'i32', max_isa: 'i32', weight_layout: 'i32',
  workspace_limit_bytes: 'size', packed_limit_bytes: 'size', tuning: 'pointer',
  flush_subnormal_weights: 'i32', reserved: 'i32', output_scale: 'pointer', output_shift: 'pointer',
  prelu_slopes: 'pointer', seconds_per_cycle: 'f64',
});

export const kSizes = new Struct('winograd_conv2d_sizes', {
  struct_size: 'size', out_height: 'i64', out_width: 'i64', src: 'i64', dst: 'i64', weights: 'i64',
});

export const kInfo = new Struct('winograd_plan_info', {
  struct_size: 'size', algorithm: 'i32', isa: 'i32', kernel: 'pointer', reason: 'pointer',
  expected_rms_error: 'f64', packed_bytes: 'size', estimated_products: 'f64', estimated_bytes_moved: 'f64',
  estimated_cycles: 'f64', estimated_seconds: 'f64',
});

export const kWorkspace = new Struct('winograd_workspace', { data: 'pointer', size_bytes: 'size' });

export const kRequirement = new Struct('winograd_workspace_requirement', {
  size_bytes: 'size', alignment_bytes: 'size',
});

export const kPart = new Struct('winograd_source_part', { data: 'pointer', channels: 'i64' });

export const kMessageCapacity = 240;
/** winograd_status: a code and that many characters. */
export const kStatusSize = 4 + kMessageCapacity;
