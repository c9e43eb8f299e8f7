// The C interface of a module as a few functions, for the tests and the measuring program here: who
// writes to which address. Applications want something with an owner for each pointer.

const int64 = ["batch", "in_channels", "out_channels", "height", "width", "kernel_h", "kernel_w",
  "stride_h", "stride_w", "dilation_h", "dilation_w", "pad_top", "pad_left", "pad_bottom",
  "pad_right", "groups"];
const int32 = ["layout", "residual", "activation"];
const sizeOfDesc = 160, sizeOfOptions = 40, sizeOfStatus = 244, sizeOfInfo = 40;

export const ISA = { scalar: 0, wasm_simd128: 7, best: 255 };

/** What `call(address of the status)` does; throws its message. */
function checked(module, call) {
  const status = module._malloc(sizeOfStatus);
  try {
    call(status);
    if (module.HEAP32[status >> 2] === 0) return;
    throw new Error(text(module, status + 4));
  } finally {
    module._free(status);
  }
}

function text(module, address) {
  let end = address;
  while (module.HEAPU8[end] !== 0) ++end;
  return String.fromCharCode(...module.HEAPU8.subarray(address, end));
}

/** A copy of the floats in the module's memory. */
export function floats(module, values) {
  const address = module._malloc(4 * values.length);
  if (address === 0) throw new Error("no memory");
  module.HEAPF32.set(values, address >> 2);
  return address;
}

function describe(module, layer) {
  const desc = module._malloc(sizeOfDesc);
  module._winograd_conv2d_desc_init(desc, sizeOfDesc);
  int64.forEach((name, i) => {
    if (name in layer) module.HEAP32.set([layer[name], 0], (desc + 8 + 8 * i) >> 2);
  });
  int32.forEach((name, i) => {
    if (name in layer) module.HEAP32[(desc + 8 + 8 * int64.length + 4 * i) >> 2] = layer[name];
  });
  return desc;
}

/** A plan: its address. `weights` and `bias` are addresses; `bias` may be 0. */
export function createPlan(module, layer, weights, bias, { algorithm, accuracy, isa } = {}) {
  const desc = describe(module, layer), options = module._malloc(sizeOfOptions),
    result = module._malloc(4);
  module._winograd_plan_options_init(options, sizeOfOptions);
  [algorithm, accuracy, isa].forEach((value, i) => {
    if (value !== undefined) module.HEAP32[(options + 4 + 4 * i) >> 2] = value;
  });
  try {
    checked(module, (status) =>
      module._winograd_conv2d_plan_create(status, desc, options, weights, bias, result));
    return module.HEAPU32[result >> 2];
  } finally {
    [desc, options, result].forEach((address) => module._free(address));
  }
}

/** A workspace on a line's boundary: {data, size, block}; to be freed: `block`. */
export function workspaceOf(module, plan, threads) {
  const requirement = module._malloc(8);
  module._winograd_conv2d_plan_workspace(requirement, plan, threads);
  const [size, alignment] = module.HEAPU32.subarray(requirement >> 2, (requirement >> 2) + 2);
  module._free(requirement);
  const block = module._malloc(size + alignment);
  if (block === 0) throw new Error("no memory");
  const data = Math.ceil(block / alignment) * alignment;
  const record = module._malloc(8);
  module.HEAPU32.set([data, size], record >> 2);
  return { record, free: () => [record, block].forEach((address) => module._free(address)) };
}

/** A function that runs the plan and throws if that fails; it allocates nothing. */
export function runner(module, plan, src, dst, workspace, executor = 0) {
  const status = module._malloc(sizeOfStatus);
  return () => {
    module._winograd_conv2d_plan_run(status, plan, src, dst, workspace.record, executor, 0);
    if (module.HEAP32[status >> 2] !== 0) throw new Error(text(module, status + 4));
  };
}

/** The names of what the plan chose: {isa, kernel, algorithm}. */
export function describePlan(module, plan) {
  const info = module._malloc(sizeOfInfo);
  module.HEAPU32[info >> 2] = sizeOfInfo;
  checked(module, (status) => module._winograd_conv2d_plan_get_info(status, plan, info));
  const at = info >> 2;
  const described = {
    algorithm: text(module, module._winograd_algorithm_name(module.HEAP32[at + 1])),
    isa: text(module, module._winograd_isa_name(module.HEAP32[at + 2])),
    kernel: text(module, module.HEAPU32[at + 3]),
  };
  module._free(info);
  return described;
}
