// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "bindings/python/src/plan.hpp"

#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <ctime>
#include <tuple>
#include <utility>
#include <vector>

#include "bindings/python/src/arguments.hpp"
#include "bindings/python/src/errors.hpp"
#include "winograd/openmp.hpp"
#include "winograd/workspace_buffer.hpp"

namespace winograd::python {
namespace {

Order order_of(Layout indexed, Layout memory) {
  if (indexed == memory) return kAsIndexed;
  return indexed == Layout::nchw ? kChannelsLast : kChannelsFirst;
}

std::string to_text(const Extents& shape) {
  std::string text;
  for (const std::int64_t extent : shape)
    text += (text.empty() ? "(" : ", ") + std::to_string(extent);
  return text + ")";
}

/// GNU's OpenMP waits forever in a forked child, as multiprocessing makes them, for threads that
/// only the parent has. There everything runs on the calling thread, with the same result.
bool in_forked_child() {
  static std::atomic<bool> forked{false};
  static const int registered =
      pthread_atfork(nullptr, nullptr, [] { forked.store(true, std::memory_order_relaxed); });
  return registered != 0 || forked.load(std::memory_order_relaxed);
}

/// The calling thread's own, for all plans: a thread is in one run at a time.
Workspace workspace_for(const Conv2dPlan& plan, const WorkspaceRequirement& need, int threads) {
  thread_local WorkspaceBuffer buffer;
  if (buffer.size_bytes() < need.size_bytes) check(buffer.reserve(plan, threads));
  return buffer;
}

/// An input as dense memory in `order`; a copy if it is not that already.
class Input {
 public:
  Input(Tensor tensor, const Order& order, const char* argument, int stack_level)
      : tensor_(std::move(tensor)) {
    if (tensor_.dense(order)) return;
    warn(argument, stack_level);
    const py::gil_scoped_release release;
    copy_ = tensor_.copy(order);
  }
  const float* data() const { return copy_.empty() ? tensor_.floats() : copy_.data(); }

 private:
  static void warn(const char* argument, int stack_level) {
    static PyObject* const category =
        py::object(py::module_::import("winograd._winograd").attr("CopyWarning")).release().ptr();
    const std::string message = std::string(argument) +
                                " is copied: its elements do not lie one after another in the "
                                "order that the plan was made for (see Plan.memory_layout)";
    if (PyErr_WarnEx(category, message.c_str(), stack_level) != 0) throw py::error_already_set();
  }

  Tensor tensor_;
  std::vector<float> copy_;
};

Extents shape_of(const py::object& x) {
  const auto sequence = py::reinterpret_borrow<py::sequence>(x);
  if (sequence.size() != 4) {
    throw Failure(StatusCode::invalid_argument,
                  "x is a shape of " + std::to_string(sequence.size()) + " extents, must have 4");
  }
  Extents shape{};
  for (std::size_t i = 0; i < 4; ++i) shape[i] = sequence[i].cast<std::int64_t>();
  return shape;
}

Layout other(Layout layout) { return layout == Layout::nchw ? Layout::nhwc : Layout::nchw; }

/// Weights as the library takes them, in one of two orders, or else as a copy.
struct Weights {
  Weights(const py::object& object, bool oihw) : tensor(to_tensor(object, "w", 4)) {
    const Order& transposed = oihw ? kHwio : kOihw;
    const bool swap = !tensor.dense(kAsIndexed) && tensor.dense(transposed);
    if (!swap && !tensor.dense(kAsIndexed)) copy = tensor.copy(kAsIndexed);
    order = oihw != swap ? WeightLayout::oihw : WeightLayout::hwio;
  }
  const float* data() const { return copy.empty() ? tensor.floats() : copy.data(); }

  Tensor tensor;
  std::vector<float> copy;
  WeightLayout order;
};

}  // namespace

Plan::Plan(Conv2dPlan plan, Layout layout, int threads)
    : plan_(std::move(plan)), layout_(layout), order_(order_of(layout, plan_.desc().layout)),
      threads_(threads), workspace_(plan_.workspace(threads)) {}

Plan Plan::create(const py::object& x, const py::object& weights, const py::object& bias,
                  const PlanArguments& arguments) {
  Conv2dDesc desc;
  const auto layout = parse_name<Layout>("layout", arguments.layout);
  desc.layout = layout;
  Extents shape;
  if (py::isinstance<py::tuple>(x) || py::isinstance<py::list>(x)) {
    shape = shape_of(x);
  } else {
    const Tensor tensor = to_tensor(x, "x", 4);
    shape = tensor.shape;
    if (!tensor.dense(kAsIndexed) && tensor.dense(order_of(layout, other(layout)))) {
      desc.layout = other(layout);
    }
  }
  const bool first = layout == Layout::nchw;
  desc.batch = shape[0];
  desc.in_channels = shape[first ? 1 : 3];
  desc.height = shape[first ? 2 : 1];
  desc.width = shape[first ? 3 : 2];
  std::tie(desc.stride_h, desc.stride_w) = parse_pair("stride", arguments.stride);
  std::tie(desc.dilation_h, desc.dilation_w) = parse_pair("dilation", arguments.dilation);
  parse_activation(arguments.activation, desc);
  desc.groups = arguments.groups;
  desc.residual = arguments.residual;

  PlanOptions options;
  options.algorithm = parse_name<Algorithm>("algorithm", arguments.algorithm);
  options.accuracy = parse_name<Accuracy>("accuracy", arguments.accuracy);
  options.max_isa = parse_name<Isa>("max_isa", arguments.max_isa);
  options.workspace_limit_bytes = arguments.workspace_limit_bytes;
  options.packed_limit_bytes = arguments.packed_limit_bytes;
  options.flush_subnormal_weights = arguments.flush_subnormal_weights;
  if (arguments.threads < 0) {
    throw Failure(StatusCode::invalid_argument,
                  "threads is " + std::to_string(arguments.threads) + ", must not be negative");
  }
  const int threads = openmp_executor(arguments.threads).concurrency();

  const auto vector = [&](const py::object& object, const char* name) {
    return object.is_none() ? std::vector<float>() : to_vector(object, name, desc.out_channels);
  };
  std::vector<float> slopes;
  if (py::isinstance<PackedWeights>(weights)) {
    if (!bias.is_none() || !arguments.output_scale.is_none() || !arguments.output_shift.is_none()) {
      throw Failure(
          StatusCode::invalid_argument,
          "packed weights have their bias, scale and shift in them: w is packed, so bias, "
          "output_scale and output_shift must be None");
    }
    const auto& packed = weights.cast<const PackedWeights&>();
    const WeightsShape of = packed.shape();
    desc.out_channels = of.out_channels;
    desc.kernel_h = of.kernel_h;
    desc.kernel_w = of.kernel_w;
    if (desc.groups == 1) desc.groups = of.groups;  // the default: not given
    parse_padding(arguments.padding, desc);
    slopes = vector(arguments.prelu_slopes, "prelu_slopes");
    if (!slopes.empty()) options.prelu_slopes = slopes.data();
    return {unwrap(Conv2dPlan::create(desc, options, packed)), layout, threads};
  }

  const bool oihw = arguments.weight_layout == "oihw";
  if (!oihw && arguments.weight_layout != "hwio") {
    throw Failure(StatusCode::invalid_argument, "weight_layout is '" + arguments.weight_layout +
                                                    "', must be one of 'oihw', 'hwio'");
  }
  const Weights w(weights, oihw);
  const Extents& extents = w.tensor.shape;
  options.weight_layout = w.order;
  desc.out_channels = extents[oihw ? 0 : 3];
  desc.kernel_h = extents[oihw ? 2 : 0];
  desc.kernel_w = extents[oihw ? 3 : 1];
  parse_padding(arguments.padding, desc);
  check(validate(desc));
  const std::int64_t depth = desc.in_channels / desc.groups;
  if (extents[oihw ? 1 : 2] != depth) {
    throw Failure(StatusCode::invalid_argument,
                  "w has shape " + to_text(extents) + " in " + arguments.weight_layout + ", so " +
                      std::to_string(extents[oihw ? 1 : 2]) + " input channels a group; x has " +
                      std::to_string(depth));
  }
  const std::vector<float> bias_values = vector(bias, "bias");
  const std::vector<float> scale = vector(arguments.output_scale, "output_scale");
  const std::vector<float> shift = vector(arguments.output_shift, "output_shift");
  slopes = vector(arguments.prelu_slopes, "prelu_slopes");
  if (!slopes.empty()) options.prelu_slopes = slopes.data();
  if (!scale.empty()) options.output_scale = scale.data();
  if (!shift.empty()) options.output_shift = shift.data();

  const auto plan = [&] {
    const py::gil_scoped_release release;
    return unwrap(Conv2dPlan::create(desc, options, w.data(),
                                     bias_values.empty() ? nullptr : bias_values.data()));
  }();
  return {plan, layout, threads};
}

Plan Plan::reshaped(std::optional<std::int64_t> batch, std::optional<std::int64_t> height,
                    std::optional<std::int64_t> width) const {
  const Conv2dDesc& desc = plan_.desc();
  return {unwrap(plan_.reshaped(batch.value_or(desc.batch), height.value_or(desc.height),
                                width.value_or(desc.width))),
          layout_, threads_};
}

Extents Plan::indexed(std::int64_t channels, std::int64_t height, std::int64_t width) const {
  const std::int64_t batch = plan_.desc().batch;
  return layout_ == Layout::nchw ? Extents{batch, channels, height, width}
                                 : Extents{batch, height, width, channels};
}

Extents Plan::input_shape() const {
  const Conv2dDesc& desc = plan_.desc();
  return indexed(desc.in_channels, desc.height, desc.width);
}

Extents Plan::output_shape() const {
  const Conv2dDesc& desc = plan_.desc();
  return indexed(desc.out_channels, desc.out_height(), desc.out_width());
}

py::object Plan::run(const py::object& x, const py::object& out, const py::object& residual,
                     int stack_level) const {
  const auto take = [&](const py::object& object, const char* name, const Extents& shape) {
    Tensor tensor = to_tensor(object, name, 4);
    if (tensor.shape != shape) {
      throw Failure(StatusCode::invalid_argument, std::string(name) + " has shape " +
                                                      to_text(tensor.shape) + ", the plan is for " +
                                                      to_text(shape));
    }
    return tensor;
  };
  const Input src(take(x, "x", input_shape()), order_, "x", stack_level);
  const Extents result_shape = output_shape();
  const bool make = out.is_none();
  const Tensor dst = make ? new_array(result_shape, order_) : take(out, "out", result_shape);
  if (!dst.writable) throw Failure(StatusCode::invalid_argument, "out is read-only");
  if (!dst.dense(order_)) {
    throw Failure(StatusCode::invalid_argument,
                  std::string("out must be dense in memory, in the order of ") +
                      to_string(plan_.desc().layout));
  }
  std::optional<Input> added;
  if (!residual.is_none()) {
    added.emplace(take(residual, "residual", result_shape), order_, "residual", stack_level);
  }
  const Workspace workspace = workspace_for(plan_, workspace_, threads_);
  const Executor executor =
      threads_ == 1 || in_forked_child() ? Executor() : openmp_executor(threads_);
  const float* const addend = added ? added->data() : nullptr;
  {
    const py::gil_scoped_release release;
    check(plan_.run(src.data(), dst.floats(), workspace, executor, addend));
  }
  return make ? in_library_of(x, dst.owner) : out;
}

double Plan::seconds_per_run(const py::object& x, const py::object& out, int calls) const {
  const Tensor src = to_tensor(x, "x", 4), dst = to_tensor(out, "out", 4);
  if (src.shape != input_shape() || dst.shape != output_shape() || !src.dense(order_) ||
      !dst.dense(order_)) {
    throw Failure(StatusCode::invalid_argument, "x and out must be those of a run without copies");
  }
  const Workspace workspace = workspace_for(plan_, workspace_, 1);
  const auto now = [] {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
  };
  const py::gil_scoped_release release;
  const double start = now();
  for (int i = 0; i < calls; ++i) check(plan_.run(src.floats(), dst.floats(), workspace));
  return (now() - start) / calls;
}

}  // namespace winograd::python
