// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// winograd._winograd: what the package `winograd` is made of. The stubs beside the package,
// _winograd.pyi, have the types.
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <cstring>
#include <string>
#include <vector>

#include "bindings/python/src/arguments.hpp"
#include "bindings/python/src/errors.hpp"
#include "bindings/python/src/plan.hpp"
#include "winograd/openmp.hpp"

namespace winograd::python {
namespace {

constexpr const char* kPlanDoc = R"(A convolution bound to its weights: made once, run many times.

x: the array that it will be run on, or one like it, or just its shape. With an array, the plan is
   for the order that its elements have in memory: arrays indexed [N, C, H, W] whose channels lie
   innermost, as torch.channels_last has them, are taken as they are, and so is the reverse.
w: the weights, [K, C / groups, kh, kw] ([kh, kw, C / groups, K] for weight_layout='hwio'), or
   PackedWeights. They are copied, transformed; w is not needed afterwards.
bias: [K], or None.
stride, dilation: a number, or (vertical, horizontal).
padding: zeros around x: a number, (vertical, horizontal), (top, left, bottom, right), 'valid' for
   none, or 'same' (for stride 1).
groups: divides C and K; C for a depthwise convolution.
layout: how arrays are indexed: 'nchw' or 'nhwc'.
activation: None, 'relu', 'relu6', 'leaky_relu', ('leaky_relu', slope), ('clamp', min, max),
   'sigmoid', 'tanh', 'silu', 'hard_sigmoid', 'hard_swish', 'mish', 'gelu_tanh', or 'prelu' with
   prelu_slopes, [K].
residual: whether a tensor of the output's shape is added before the activation.
output_scale, output_shift: [K] each, or None: scale * (sum + bias) + shift, folded into weights and
   bias. A batch normalisation is scale = gamma / sqrt(var + eps), shift = beta - mean * scale.
algorithm: 'automatic', 'direct', 'winograd_f2', 'winograd_f3', 'winograd_f4' or 'winograd_f6'. One
   asked for by name is never replaced by another.
accuracy: 'strict', 'standard' or 'relaxed': the error within which 'automatic' chooses.
max_isa: 'best', or the widest instruction set to use, for example 'avx2'.
workspace_limit_bytes, packed_limit_bytes: caps of the scratch memory of a thread, and of the packed
   weights; 0 for none.
flush_subnormal_weights: make zeros of packed weights below 2**-126.
threads: how many to run on; 0 for all that OpenMP has. The result does not depend on it.

All arrays are float32: numpy.ndarray, or anything with __dlpack__ in CPU memory, such as a
torch.Tensor. Plans do not change; threads may share one, and run() releases the GIL.

Raises InvalidArgumentError, UnsupportedError, WorkspaceError, OutOfMemoryError, and TypeError for
arrays that are no float32.)";

constexpr const char* kRunDoc = R"(Convolves x, and returns the result.

x: an array of input_shape. One whose elements lie densely in the order of memory_layout is used in
   place; any other (a slice, a reversed or transposed view) is copied, with a CopyWarning.
out: where the result goes: writable, of output_shape, dense in the order of memory_layout, not
   overlapping x. It is returned. None for a new array in that order: a numpy.ndarray for NumPy's x,
   else what the library of x makes of it with from_dlpack, which shares the memory.
residual: for plans made with residual=True; an array of output_shape. It may be out itself.

Raises InvalidArgumentError for another shape, and TypeError for arrays that are no float32.)";

py::bytes to_bytes(const PackedWeights& weights) {
  std::string blob(weights.serialized_size_bytes(), '\0');
  check(weights.save(blob.data(), blob.size()));
  return blob;
}

PackedWeights from_bytes(const py::buffer& data) {
  const py::buffer_info info = data.request();
  if (!PyBuffer_IsContiguous(info.view(), 'C')) {
    throw Failure(StatusCode::invalid_argument, "data is not contiguous");
  }
  return unwrap(PackedWeights::load(info.ptr, static_cast<std::size_t>(info.size * info.itemsize)));
}

py::object path_of(const py::object& path) {
  return py::module_::import("pathlib").attr("Path")(path);
}

py::tuple weight_shape(const PackedWeights& weights) {
  const WeightsShape shape = weights.shape();
  return py::make_tuple(shape.out_channels, shape.in_channels / shape.groups, shape.kernel_h,
                        shape.kernel_w);
}

std::vector<std::string> isas() {
  std::vector<std::string> names;
  for (int i = 0; i < static_cast<int>(Isa::best); ++i) {
    if (isa_available(static_cast<Isa>(i))) names.emplace_back(to_string(static_cast<Isa>(i)));
  }
  return names;
}

py::dict info() {
  py::dict result;
  result["version"] = WINOGRAD_PYTHON_VERSION;
  result["isas"] = isas();
  result["threads"] = openmp_executor().concurrency();
  return result;
}

/// PlanInfo and what a plan of Python's has besides; a copy, so that it may outlive the plan.
struct Info {
  std::string algorithm, isa, kernel, reason, memory_layout;
  double expected_rms_error;
  std::size_t packed_bytes, workspace_bytes;
  int threads;
};

Info info_of(const Plan& plan) {
  const PlanInfo from = plan.plan().info();
  return {to_string(from.algorithm),
          to_string(from.isa),
          from.kernel,
          from.reason,
          to_string(plan.plan().desc().layout),
          from.expected_rms_error,
          from.packed_bytes,
          plan.workspace_bytes(),
          plan.threads()};
}

void define_packed_weights(py::module_& module) {
  py::class_<PackedWeights>(
      module, "PackedWeights",
      "Weights and bias as the kernels read them: Plan.weights, or loaded.\n\n"
      "For the instruction set that they were packed for, and for any shape, "
      "batch, padding, layout and activation. Immutable; can be pickled.")
      .def_static(
          "load",
          [](const py::object& path) { return from_bytes(path_of(path).attr("read_bytes")()); },
          py::arg("path"),
          "Reads a file that save() wrote. Raises BadPackedDataError if it is damaged, of another "
          "version, or made for an instruction set that this machine does not have; OSError as "
          "open() does.")
      .def(
          "save",
          [](const PackedWeights& weights, const py::object& path) {
            path_of(path).attr("write_bytes")(to_bytes(weights));
          },
          py::arg("path"), "Writes a file for load(). Raises OSError as open() does.")
      .def_static("from_bytes", &from_bytes, py::arg("data"), "load() from memory.")
      .def("to_bytes", &to_bytes, "What save() writes.")
      .def_property_readonly("algorithm",
                             [](const PackedWeights& w) { return to_string(w.algorithm()); })
      .def_property_readonly("isa", [](const PackedWeights& w) { return to_string(w.isa()); })
      .def_property_readonly("shape", &weight_shape, "[K, C / groups, kh, kw]")
      .def_property_readonly("groups", [](const PackedWeights& w) { return w.shape().groups; })
      .def_property_readonly("size_bytes", &PackedWeights::size_bytes, "memory that they hold")
      .def("__repr__",
           [](const PackedWeights& w) {
             return py::str("<winograd.PackedWeights {} for {} on {}, {} bytes>")
                 .format(weight_shape(w), to_string(w.algorithm()), to_string(w.isa()),
                         w.size_bytes());
           })
      .def(py::pickle(&to_bytes, [](const py::bytes& data) { return from_bytes(data); }));
}

void define_info(py::module_& module) {
  py::class_<Info>(module, "PlanInfo", "What a plan does, and why.")
      .def_readonly("algorithm", &Info::algorithm, "never 'automatic'")
      .def_readonly("isa", &Info::isa, "instruction set of the kernels")
      .def_readonly("kernel", &Info::kernel, "for example 'winograd_f4_f32_6x16_avx2'")
      .def_readonly("reason", &Info::reason, "why this algorithm")
      .def_readonly("memory_layout", &Info::memory_layout,
                    "'nchw' or 'nhwc': how arrays lie in memory, whatever they are indexed by")
      .def_readonly("expected_rms_error", &Info::expected_rms_error,
                    "bound of RMS(error) / RMS(output), see docs/accuracy.md")
      .def_readonly("packed_bytes", &Info::packed_bytes, "of weights and bias")
      .def_readonly("workspace_bytes", &Info::workspace_bytes,
                    "scratch memory; one for each thread that calls run(), for all its plans")
      .def_readonly("threads", &Info::threads)
      .def("__repr__", [](const Info& i) {
        return py::str(
                   "PlanInfo(algorithm={!r}, isa={!r}, kernel={!r}, reason={!r}, "
                   "memory_layout={!r}, expected_rms_error={:.3g}, packed_bytes={}, "
                   "workspace_bytes={}, threads={})")
            .format(i.algorithm, i.isa, i.kernel, i.reason, i.memory_layout, i.expected_rms_error,
                    i.packed_bytes, i.workspace_bytes, i.threads);
      });
}

void define_plan(py::module_& module) {
  py::class_<Plan>(module, "Plan", kPlanDoc)
      .def(py::init([](const py::object& x, const py::object& w, const py::object& bias,
                       const py::object& stride, const py::object& padding,
                       const py::object& dilation, std::int64_t groups, const std::string& layout,
                       const std::string& weight_layout, const py::object& activation,
                       bool residual, const py::object& output_scale,
                       const py::object& output_shift, const py::object& prelu_slopes,
                       const std::string& algorithm, const std::string& accuracy,
                       const std::string& max_isa, std::size_t workspace_limit_bytes,
                       std::size_t packed_limit_bytes, bool flush_subnormal_weights, int threads) {
             return Plan::create(
                 x, w, bias,
                 {stride, padding, dilation, groups, layout, weight_layout, activation, residual,
                  output_scale, output_shift, prelu_slopes, algorithm, accuracy, max_isa,
                  workspace_limit_bytes, packed_limit_bytes, flush_subnormal_weights, threads});
           }),
           py::arg("x"), py::arg("w"), py::arg("bias") = py::none(), py::kw_only(),
           py::arg("stride") = 1, py::arg("padding") = 0, py::arg("dilation") = 1,
           py::arg("groups") = 1, py::arg("layout") = "nchw", py::arg("weight_layout") = "oihw",
           py::arg("activation") = py::none(), py::arg("residual") = false,
           py::arg("output_scale") = py::none(), py::arg("output_shift") = py::none(),
           py::arg("prelu_slopes") = py::none(), py::arg("algorithm") = "automatic",
           py::arg("accuracy") = "standard", py::arg("max_isa") = "best",
           py::arg("workspace_limit_bytes") = 0, py::arg("packed_limit_bytes") = 0,
           py::arg("flush_subnormal_weights") = false, py::arg("threads") = 1)
      .def(
          "run",
          [](const Plan& plan, const py::object& x, const py::object& out,
             const py::object& residual) { return plan.run(x, out, residual, 1); },
          py::arg("x"), py::arg("out") = py::none(), py::arg("residual") = py::none(), kRunDoc)
      // For the package's conv2d, whose caller a warning is about.
      .def("_run_from",
           [](const Plan& plan, int stack_level, const py::object& x, const py::object& out,
              const py::object& residual) { return plan.run(x, out, residual, stack_level); })
      .def("_seconds_per_run", &Plan::seconds_per_run)
      .def("reshaped", &Plan::reshaped, py::kw_only(), py::arg("batch") = py::none(),
           py::arg("height") = py::none(), py::arg("width") = py::none(),
           "The same layer for another batch, height or width; shares the packed weights.")
      .def("info", &info_of, "Algorithm, kernel, reason of the choice, expected error and memory.")
      .def_property_readonly("weights", [](const Plan& plan) { return plan.plan().weights(); })
      .def_property_readonly(
          "input_shape", [](const Plan& plan) { return py::tuple(py::cast(plan.input_shape())); })
      .def_property_readonly(
          "output_shape", [](const Plan& plan) { return py::tuple(py::cast(plan.output_shape())); })
      .def_property_readonly(
          "layout", [](const Plan& plan) { return to_string(plan.layout()); },
          "how arrays are indexed")
      .def_property_readonly(
          "memory_layout", [](const Plan& plan) { return to_string(plan.plan().desc().layout); },
          "how they lie in memory")
      .def("__repr__", [](const Plan& plan) {
        return py::str("<winograd.Plan {} -> {}, {}>")
            .format(py::tuple(py::cast(plan.input_shape())),
                    py::tuple(py::cast(plan.output_shape())), plan.plan().info().kernel);
      });
}

}  // namespace

PYBIND11_MODULE(_winograd, module) {
  module.attr("__version__") = WINOGRAD_PYTHON_VERSION;
  define_errors(module);
  module.def(
      "info", &info,
      "The version, the instruction sets that run here, weakest first, and OpenMP's threads.");
  define_packed_weights(module);
  define_info(module);
  define_plan(module);
}

}  // namespace winograd::python
