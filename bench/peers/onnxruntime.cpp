// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// ONNX Runtime on its CPU: a model of one Conv and its activation, which it fuses where it
// can; NCHW only.
//
// The library comes without its header (npm's onnxruntime-node ships the shared object only), so
// the few functions used are called by their place in the table that its C interface consists of.
// The table of version 1 never changes; later versions only append.
#include <fmt/format.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#define ONNX_NAMESPACE onnx
#define ONNX_ML 1
#include <onnx/onnx_pb.h>

#include "bench/measure/rounds.hpp"
#include "bench/peers/contender.hpp"
#include "bench/peers/layouts.hpp"

struct OrtApiBase {
  void* const* (*get_api)(std::uint32_t version);
  const char* (*get_version_string)();
};
extern "C" const OrtApiBase* OrtGetApiBase();

namespace winograd::bench {
namespace {

/// Handles of the interface: pointers to what is only known inside.
using Handle = void*;

/// Places in the table.
enum Slot : unsigned {
  kGetErrorMessage = 2,
  kCreateEnv = 3,
  kCreateSessionFromArray = 8,
  kRun = 9,
  kCreateSessionOptions = 10,
  kSetSessionGraphOptimizationLevel = 23,
  kSetIntraOpNumThreads = 24,
  kSetInterOpNumThreads = 25,
  kCreateTensorWithDataAsOrtValue = 49,
  kCreateCpuMemoryInfo = 69,
  kReleaseStatus = 93,
  kReleaseMemoryInfo = 94,
  kReleaseSession = 95,
  kReleaseValue = 96,
  kReleaseSessionOptions = 100,
};

void* function_at(Slot slot) {
  static void* const* const table = OrtGetApiBase()->get_api(1);
  if (table == nullptr) throw std::runtime_error("ONNX Runtime without interface version 1");
  return table[slot];
}

/// Calls a function that returns a status.
template <class... Parameters>
void call(Slot slot, Parameters... parameters) {
  const auto function = reinterpret_cast<Handle (*)(Parameters...)>(function_at(slot));
  const Handle status = function(parameters...);
  if (status == nullptr) return;
  const auto message = reinterpret_cast<const char* (*)(Handle)>(function_at(kGetErrorMessage));
  const std::string text = message(status);
  reinterpret_cast<void (*)(Handle)>(function_at(kReleaseStatus))(status);
  throw std::runtime_error("ONNX Runtime: " + text);
}

/// Owns a handle.
class Owned {
 public:
  explicit Owned(Slot release) : release_(release) {}
  Owned(Owned&& other) noexcept
      : handle_(std::exchange(other.handle_, nullptr)), release_(other.release_) {}
  Owned& operator=(Owned&& other) noexcept {
    std::swap(handle_, other.handle_);
    std::swap(release_, other.release_);
    return *this;
  }
  ~Owned() {
    if (handle_ != nullptr) reinterpret_cast<void (*)(Handle)>(function_at(release_))(handle_);
  }

  Handle get() const { return handle_; }
  Handle* out() { return &handle_; }

 private:
  Handle handle_ = nullptr;
  Slot release_;
};

Handle environment() {
  static const Handle env = [] {
    Handle made = nullptr;
    call(kCreateEnv, /*log level: error*/ 3, static_cast<const char*>("winograd_bench"), &made);
    return made;  // lives as long as the process
  }();
  return env;
}

void add_ints(onnx::NodeProto& node, const char* name, std::initializer_list<std::int64_t> values) {
  onnx::AttributeProto& attribute = *node.add_attribute();
  attribute.set_name(name);
  attribute.set_type(onnx::AttributeProto::INTS);
  for (const std::int64_t value : values) attribute.add_ints(value);
}

void add_constant(onnx::GraphProto& graph, const char* name,
                  std::initializer_list<std::int64_t> dims, const float* data, std::int64_t size) {
  onnx::TensorProto& tensor = *graph.add_initializer();
  tensor.set_name(name);
  tensor.set_data_type(onnx::TensorProto::FLOAT);
  for (const std::int64_t dim : dims) tensor.add_dims(dim);
  tensor.set_raw_data(data, static_cast<std::size_t>(size) * sizeof(float));
}

void describe(onnx::ValueInfoProto& value, const char* name,
              std::initializer_list<std::int64_t> dims) {
  value.set_name(name);
  onnx::TypeProto::Tensor& type = *value.mutable_type()->mutable_tensor_type();
  type.set_elem_type(onnx::TensorProto::FLOAT);
  for (const std::int64_t dim : dims) type.mutable_shape()->add_dim()->set_dim_value(dim);
}

onnx::NodeProto& add_node(onnx::GraphProto& graph, const char* type,
                          std::initializer_list<const char*> inputs, const char* output) {
  onnx::NodeProto& node = *graph.add_node();
  node.set_op_type(type);
  for (const char* input : inputs) node.add_input(input);
  node.add_output(output);
  return node;
}

/// "sum" -> "dst".
void add_activation(onnx::GraphProto& graph, const Conv2dDesc& d) {
  constexpr float kZero = 0.0F, kSix = 6.0F;
  switch (d.activation) {
    case Activation::none: add_node(graph, "Identity", {"sum"}, "dst"); return;
    case Activation::relu: add_node(graph, "Relu", {"sum"}, "dst"); return;
    case Activation::relu6:
      add_constant(graph, "low", {}, &kZero, 1);
      add_constant(graph, "high", {}, &kSix, 1);
      add_node(graph, "Clip", {"sum", "low", "high"}, "dst");
      return;
    case Activation::leaky_relu: {
      onnx::AttributeProto& slope = *add_node(graph, "LeakyRelu", {"sum"}, "dst").add_attribute();
      slope.set_name("alpha");
      slope.set_type(onnx::AttributeProto::FLOAT);
      slope.set_f(d.leaky_slope);
      return;
    }
    case Activation::sigmoid: add_node(graph, "Sigmoid", {"sum"}, "dst"); return;
    case Activation::silu:  // as exporters write it
      add_node(graph, "Sigmoid", {"sum"}, "sigmoid");
      add_node(graph, "Mul", {"sum", "sigmoid"}, "dst");
      return;
    default: refuse_activation("ONNX Runtime", d.activation);
  }
}

std::string make_model(const Problem& p) {
  const Conv2dDesc& d = p.desc;
  onnx::ModelProto model;
  model.set_ir_version(7);
  model.add_opset_import()->set_version(13);
  onnx::GraphProto& graph = *model.mutable_graph();
  graph.set_name("layer");
  describe(*graph.add_input(), "src", {d.batch, d.in_channels, d.height, d.width});
  describe(*graph.add_output(), "dst", {d.batch, d.out_channels, d.out_height(), d.out_width()});
  add_constant(graph, "weights", {d.out_channels, d.in_channels / d.groups, d.kernel_h, d.kernel_w},
               p.weights, d.weights_size());
  add_constant(graph, "bias", {d.out_channels}, p.bias, d.out_channels);
  onnx::NodeProto& conv = *graph.add_node();
  conv.set_op_type("Conv");
  for (const char* input : {"src", "weights", "bias"}) conv.add_input(input);
  conv.add_output("sum");
  add_ints(conv, "kernel_shape", {d.kernel_h, d.kernel_w});
  add_ints(conv, "strides", {d.stride_h, d.stride_w});
  add_ints(conv, "dilations", {d.dilation_h, d.dilation_w});
  add_ints(conv, "pads", {d.pad_top, d.pad_left, d.pad_bottom, d.pad_right});
  onnx::AttributeProto& group = *conv.add_attribute();
  group.set_name("group");
  group.set_type(onnx::AttributeProto::INT);
  group.set_i(d.groups);
  add_activation(graph, d);
  return model.SerializeAsString();
}

class OnnxruntimeContender final : public Contender {
 public:
  explicit OnnxruntimeContender(const Problem& problem)
      : p_(problem), d_(p_.desc), src_(d_.src_size()), dst_(d_.dst_size()) {
    convert_src(d_, p_.src, Layout::nchw, src_.data());
    Owned memory(kReleaseMemoryInfo);
    call(kCreateCpuMemoryInfo, /*device allocator*/ 0, /*default memory*/ 0, memory.out());
    wrap(memory.get(), src_, {d_.batch, d_.in_channels, d_.height, d_.width}, src_value_);
    wrap(memory.get(), dst_, {d_.batch, d_.out_channels, d_.out_height(), d_.out_width()},
         dst_value_);

    // All optimisations put the layer between two changes of layout, which a layer inside a network
    // shares with its neighbours; without those it is often slower. It gets the better one.
    constexpr int kAll = 99;
    constexpr int kWithoutLayouts = 2;
    const std::string model = make_model(p_);
    session_ = make_session(model, kAll);
    const double with_layouts = warm_time();
    Owned other = make_session(model, kWithoutLayouts);
    std::swap(session_, other);
    if (warm_time() < with_layouts)
      label_ = "nchw";
    else
      std::swap(session_, other);
  }

  void run() override {
    const char* const input = "src";
    const char* const output = "dst";
    const Handle src = src_value_.get();
    Handle dst = dst_value_.get();
    call(kRun, session_.get(), Handle{nullptr}, &input, &src, std::size_t{1}, &output,
         std::size_t{1}, &dst);
  }
  void read_output(float* dst) const override { convert_dst(d_, Layout::nchw, dst_.data(), dst); }
  std::string label() const override { return label_; }

 private:
  void wrap(Handle memory, Buffer& buffer, std::initializer_list<std::int64_t> dims, Owned& value) {
    constexpr int kFloat = 1;
    call(kCreateTensorWithDataAsOrtValue, static_cast<const void*>(memory),
         static_cast<void*>(buffer.data()), buffer.size_bytes(), dims.begin(), dims.size(), kFloat,
         value.out());
  }

  Owned make_session(const std::string& model, int optimisations) const {
    Owned options(kReleaseSessionOptions);
    call(kCreateSessionOptions, options.out());
    call(kSetIntraOpNumThreads, options.get(), p_.threads);
    call(kSetInterOpNumThreads, options.get(), 1);
    call(kSetSessionGraphOptimizationLevel, options.get(), optimisations);
    Owned session(kReleaseSession);
    call(kCreateSessionFromArray, environment(), static_cast<const void*>(model.data()),
         model.size(), options.get(), session.out());
    return session;
  }

  double warm_time() {
    std::vector<Candidate> alone(1);
    alone[0].threads = p_.threads;
    alone[0].run = [this] { run(); };
    RoundOptions once;
    once.rounds = 1;
    once.sample_seconds = 0.0;
    measure_rounds(alone, once);
    return alone[0].seconds[0];
  }

  Problem p_;
  const Conv2dDesc& d_;
  Buffer src_, dst_;
  Owned src_value_{kReleaseValue};
  Owned dst_value_{kReleaseValue};
  Owned session_{kReleaseSession};
  std::string label_ = "blocked";
};

}  // namespace

extern const Peer kPeer_onnxruntime;
const Peer kPeer_onnxruntime = {
    "onnxruntime", "cpu",
    [] { return fmt::format("ONNX Runtime {}", OrtGetApiBase()->get_version_string()); },
    [](const Problem& problem) -> std::unique_ptr<Contender> {
      return std::make_unique<OnnxruntimeContender>(problem);
    }};

}  // namespace winograd::bench
