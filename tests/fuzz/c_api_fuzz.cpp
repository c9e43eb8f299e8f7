// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The C interface with structures as a caller of any version, or a careless one, may hand them
// over: each in memory of exactly the size that it claims, where it may claim it.
#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <new>
#include <vector>

#include "tests/fuzz/require.hpp"
#include "winograd/winograd.h"

namespace winograd::test {
namespace {

using Bytes = FuzzedDataProvider;

constexpr std::int64_t kMaxFloats = 1 << 15;

std::int64_t any_number(Bytes& in) {
  static constexpr std::int64_t kLimits[] = {-1,
                                             WINOGRAD_MAX_EXTENT,
                                             WINOGRAD_MAX_EXTENT + 1,
                                             std::numeric_limits<std::int32_t>::max(),
                                             std::numeric_limits<std::int64_t>::max(),
                                             std::numeric_limits<std::int64_t>::min()};
  switch (in.ConsumeIntegralInRange(0, 9)) {
    case 0: return in.PickValueInArray(kLimits);
    case 1: return in.ConsumeIntegral<std::int64_t>();
    case 2: return in.ConsumeIntegralInRange<std::int64_t>(0, 300);
    default: return in.ConsumeIntegralInRange<std::int64_t>(0, 20);
  }
}

/// A structure whose memory is as long as its struct_size says, so that reading or writing beyond
/// is caught. Above the greatest that can be true, it is no longer than struct_size itself.
template <class T>
class Given {
 public:
  Given(const T& known, Bytes& in) {
    std::size_t claimed = sizeof(T);
    if (in.ConsumeIntegralInRange(0, 9) == 0) {
      // A structure ends where a field does, and a pointer is never cut in two.
      claimed = in.ConsumeBool() ? 8 * in.ConsumeIntegralInRange<std::size_t>(0, 75)
                                 : in.ConsumeIntegral<std::size_t>() | 1024;
    }
    size_ = claimed > WINOGRAD_MAX_STRUCT_SIZE ? 0 : claimed;
    size_ = std::max(size_, sizeof claimed);
    memory_ = static_cast<unsigned char*>(::operator new(size_));
    std::memset(memory_, 0, size_);
    std::memcpy(memory_, &known, std::min(size_, sizeof(T)));
    std::memcpy(memory_, &claimed, sizeof claimed);
    if (size_ > sizeof(T) && in.ConsumeBool())
      memory_[size_ - 1] = in.ConsumeIntegral<std::uint8_t>();
    before_.assign(memory_, memory_ + size_);
  }
  ~Given() { ::operator delete(memory_); }
  Given(const Given&) = delete;
  Given& operator=(const Given&) = delete;

  T* get() { return static_cast<T*>(static_cast<void*>(memory_)); }
  bool as_it_was() const { return std::equal(before_.begin(), before_.end(), memory_); }

 private:
  unsigned char* memory_;
  std::size_t size_;
  std::vector<unsigned char> before_;
};

winograd_conv2d_desc any_desc(Bytes& in) {
  winograd_conv2d_desc d;
  winograd_conv2d_desc_init(&d, sizeof d);
  d.in_channels = in.ConsumeIntegralInRange(1, 20);
  d.out_channels = in.ConsumeIntegralInRange(1, 20);
  d.height = in.ConsumeIntegralInRange(1, 20);
  d.width = in.ConsumeIntegralInRange(1, 20);
  d.kernel_h = in.ConsumeIntegralInRange(1, 5);
  d.kernel_w = in.ConsumeIntegralInRange(1, 5);
  d.pad_top = d.pad_left = d.pad_bottom = d.pad_right = in.ConsumeIntegralInRange(0, 3);
  d.layout = in.ConsumeIntegralInRange(0, 1);
  d.activation = in.ConsumeIntegralInRange<std::int32_t>(0, WINOGRAD_ACTIVATION_PRELU);
  d.residual = in.ConsumeIntegralInRange(0, 1);
  if (in.ConsumeIntegralInRange(0, 4) == 0) d.groups = d.out_channels = d.in_channels;
  for (int i = in.ConsumeIntegralInRange(0, 3); i > 0; --i) {
    std::int64_t* const fields[] = {&d.batch,    &d.in_channels, &d.out_channels, &d.height,
                                    &d.width,    &d.kernel_h,    &d.kernel_w,     &d.stride_h,
                                    &d.stride_w, &d.dilation_h,  &d.pad_top,      &d.pad_left,
                                    &d.groups,   &d.dilation_w,  &d.pad_bottom,   &d.pad_right};
    *in.PickValueInArray(fields) = any_number(in);
  }
  if (in.ConsumeIntegralInRange(0, 9) == 0) {
    std::int32_t* const fields[] = {&d.layout, &d.residual, &d.activation};
    *in.PickValueInArray(fields) = in.ConsumeIntegral<std::int32_t>();
    d.activation_min = in.ConsumeFloatingPoint<float>();
    d.activation_max = in.ConsumeFloatingPoint<float>();
    d.leaky_slope = in.ConsumeFloatingPoint<float>();
  }
  return d;
}

winograd_plan_options any_options(const float* per_channel, Bytes& in) {
  winograd_plan_options o;
  winograd_plan_options_init(&o, sizeof o);
  o.algorithm = in.ConsumeIntegralInRange(0, 5);
  o.accuracy = in.ConsumeIntegralInRange(0, 2);
  o.weight_layout = in.ConsumeIntegralInRange(0, 1);
  o.max_isa = in.ConsumeBool() ? in.ConsumeIntegralInRange(0, 9) : WINOGRAD_ISA_BEST;
  if (in.ConsumeIntegralInRange(0, 4) == 0) o.output_scale = per_channel;
  if (in.ConsumeIntegralInRange(0, 4) == 0) o.output_shift = per_channel;
  if (in.ConsumeIntegralInRange(0, 4) != 0) o.prelu_slopes = per_channel;
  if (in.ConsumeIntegralInRange(0, 4) == 0) {
    o.workspace_limit_bytes = in.ConsumeIntegralInRange<std::size_t>(0, 1 << 20);
    o.packed_limit_bytes = in.ConsumeIntegralInRange<std::size_t>(0, 1 << 20);
  }
  if (in.ConsumeIntegralInRange(0, 9) == 0) {
    std::int32_t* const fields[] = {&o.algorithm,     &o.accuracy, &o.max_isa,
                                    &o.weight_layout, &o.reserved, &o.flush_subnormal_weights};
    *in.PickValueInArray(fields) = in.ConsumeIntegral<std::int32_t>();
  }
  return o;
}

void in_order(void*, int count, winograd_task task, void* argument) {
  for (int i = 0; i < count; ++i) task(argument, i);
}

void run(const winograd_conv2d_plan* plan, const winograd_conv2d_sizes& sizes, bool residual,
         Bytes& in) {
  winograd_executor known{};
  known.struct_size = sizeof known;
  known.parallel_for = in.ConsumeBool() ? in_order : nullptr;
  known.concurrency =
      in.ConsumeBool() ? in.ConsumeIntegralInRange(0, 4) : in.ConsumeIntegral<std::int32_t>();
  Given<winograd_executor> executor(known, in);
  const winograd_workspace_requirement need =
      winograd_conv2d_plan_workspace(plan, known.concurrency);
  if (need.size_bytes > (std::size_t{32} << 20)) return;
  const std::size_t size =
      in.ConsumeIntegralInRange(0, 9) == 0 ? need.size_bytes / 2 : need.size_bytes;
  const auto alignment = static_cast<std::align_val_t>(need.alignment_bytes);
  void* const memory = ::operator new(size, alignment);
  const std::vector<float> src(static_cast<std::size_t>(sizes.src), 0.5F);
  std::vector<float> dst(static_cast<std::size_t>(sizes.dst), 0.0F);
  const float* const added =
      residual != (in.ConsumeIntegralInRange(0, 9) == 0) ? dst.data() : nullptr;
  if (in.ConsumeIntegralInRange(0, 3) != 0) {
    (void)winograd_conv2d_plan_run(plan, src.data(), dst.data(), {memory, size}, executor.get(),
                                   added);
  } else {
    // All parts read the same memory, which holds the whole tensor: enough for each that is valid.
    const int count =
        in.ConsumeBool() ? in.ConsumeIntegralInRange(-1, 66) : in.ConsumeIntegral<std::int32_t>();
    std::vector<winograd_source_part> parts(static_cast<std::size_t>(std::clamp(count, 0, 64)));
    for (winograd_source_part& part : parts) part = {src.data(), any_number(in)};
    (void)winograd_conv2d_plan_run_parts(plan, parts.data(), count, dst.data(), {memory, size},
                                         executor.get(), added);
  }
  ::operator delete(memory, alignment);
}

void look_at_weights(const winograd_conv2d_plan* plan, Bytes& in) {
  winograd_packed_weights* weights = nullptr;
  require(winograd_conv2d_plan_get_weights(plan, &weights).code == WINOGRAD_OK,
          "a plan has weights");
  winograd_weights_shape no_shape{};
  Given<winograd_weights_shape> shape(no_shape, in);
  if (winograd_packed_weights_get_shape(weights, shape.get()).code != WINOGRAD_OK) {
    require(shape.as_it_was(), "a failure leaves shape alone");
  }
  winograd_packed_weights_destroy(weights);
}

void use(winograd_conv2d_plan* plan, const winograd_conv2d_sizes& sizes, Bytes& in) {
  winograd_plan_info no_info{};
  Given<winograd_plan_info> info(no_info, in);
  if (winograd_conv2d_plan_get_info(plan, info.get()).code != WINOGRAD_OK) {
    require(info.as_it_was(), "a failure leaves info alone");
  } else {
    require(info.get()->algorithm != WINOGRAD_ALGORITHM_AUTOMATIC, "an algorithm is chosen");
    require(info.get()->kernel != nullptr && info.get()->reason != nullptr, "it has a name");
  }
  look_at_weights(plan, in);
  winograd_conv2d_desc no_desc{};
  Given<winograd_conv2d_desc> desc(no_desc, in);
  if (winograd_conv2d_plan_get_desc(plan, desc.get()).code != WINOGRAD_OK) {
    require(desc.as_it_was(), "a failure leaves desc alone");
  } else {
    winograd_conv2d_plan* other = nullptr;
    if (winograd_conv2d_plan_reshaped(plan, any_number(in), any_number(in), any_number(in), &other)
            .code == WINOGRAD_OK) {
      (void)winograd_conv2d_plan_workspace(other, in.ConsumeIntegral<std::int32_t>());
    }
    winograd_conv2d_plan_destroy(other);
    run(plan, sizes, desc.get()->residual != 0, in);
  }
}

void check(Bytes& in) {
  const winograd_conv2d_desc known = any_desc(in);
  Given<winograd_conv2d_desc> desc(known, in);
  // As many as a layer can have that is small enough to be created.
  const std::vector<float> bias(
      static_cast<std::size_t>(std::clamp<std::int64_t>(known.out_channels, 0, kMaxFloats)), 1.0F);
  Given<winograd_plan_options> options(any_options(bias.data(), in), in);
  const bool valid = winograd_conv2d_validate(desc.get()).code == WINOGRAD_OK;
  winograd_conv2d_sizes no_sizes{};
  Given<winograd_conv2d_sizes> any_sizes(no_sizes, in);
  if (winograd_conv2d_get_sizes(desc.get(), any_sizes.get()).code != WINOGRAD_OK) {
    require(any_sizes.as_it_was(), "a failure leaves sizes alone");
  } else {
    require(valid, "sizes are those of a valid description");
  }
  require(desc.as_it_was(), "a description is only read");

  winograd_conv2d_plan* plan = nullptr;
  winograd_conv2d_sizes sizes{};
  sizes.struct_size = sizeof sizes;
  if (winograd_conv2d_get_sizes(desc.get(), &sizes).code != WINOGRAD_OK) {
    const float nothing = 0;
    const winograd_status status =
        winograd_conv2d_plan_create(desc.get(), options.get(), &nothing, nullptr, &plan);
    require(!valid && status.code != WINOGRAD_OK && status.message[0] != '\0' && plan == nullptr,
            "what is not valid makes no plan, and a message");
    return;
  }
  if (sizes.src > kMaxFloats || sizes.dst > kMaxFloats || sizes.weights > kMaxFloats ||
      known.out_channels > kMaxFloats ||
      sizes.weights * std::max<std::int64_t>(sizes.dst, 1) >
          1000000 * std::max<std::int64_t>(known.out_channels, 1)) {
    return;
  }
  const std::vector<float> weights(static_cast<std::size_t>(sizes.weights), 0.25F);
  const winograd_status status =
      winograd_conv2d_plan_create(desc.get(), in.ConsumeBool() ? options.get() : nullptr,
                                  weights.data(), in.ConsumeBool() ? bias.data() : nullptr, &plan);
  require((status.code == WINOGRAD_OK) == (plan != nullptr), "a plan, or the reason why not");
  if (plan != nullptr) use(plan, sizes, in);
  winograd_conv2d_plan_destroy(plan);
}

}  // namespace
}  // namespace winograd::test

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzedDataProvider in(data, size);
  winograd::test::check(in);
  return 0;
}
