// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// run() allocates nothing, and planning survives an allocation that fails.
//
// Counted below operator new, in malloc itself, which this program replaces. That takes glibc,
// whose own functions the replacements call, and no sanitizer, which has replaced malloc already.
#include <gtest/gtest.h>

#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <new>
#include <string>
#include <vector>

#include "tests/reference/build_info.hpp"
#include "tests/reference/op_case.hpp"
#include "tests/reference/op_runner.hpp"
#include "tests/reference/sixteen_bits.hpp"
#include "tests/reference/subset.hpp"
#include "winograd/conv2d.hpp"
#include "winograd/tuning_cache.hpp"
#include "winograd/winograd.h"
#include "winograd/workspace_buffer.hpp"

#if defined(__GLIBC__) && !WINOGRAD_TEST_ADDRESS_SANITIZER && !WINOGRAD_TEST_THREAD_SANITIZER
#define WINOGRAD_TEST_COUNTS_ALLOCATIONS 1
#else
#define WINOGRAD_TEST_COUNTS_ALLOCATIONS 0
#endif

namespace {

/// Allocations of this thread so far, and how many more succeed; negative: all.
thread_local long allocation_count = 0;
thread_local long allocations_left = -1;

#if WINOGRAD_TEST_COUNTS_ALLOCATIONS
bool allocation_fails() {
  ++allocation_count;
  return allocations_left >= 0 && allocations_left-- == 0;
}
#endif

}  // namespace

#if WINOGRAD_TEST_COUNTS_ALLOCATIONS
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* old, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);

void* malloc(std::size_t size) noexcept {
  return allocation_fails() ? nullptr : __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) noexcept {
  return allocation_fails() ? nullptr : __libc_calloc(count, size);
}
void* realloc(void* old, std::size_t size) noexcept {
  return allocation_fails() ? nullptr : __libc_realloc(old, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  return allocation_fails() ? nullptr : __libc_memalign(alignment, size);
}
void* memalign(std::size_t alignment, std::size_t size) noexcept {
  return allocation_fails() ? nullptr : __libc_memalign(alignment, size);
}
int posix_memalign(void** result, std::size_t alignment, std::size_t size) noexcept {
  if (allocation_fails()) return ENOMEM;
  *result = __libc_memalign(alignment, size);
  return *result == nullptr ? ENOMEM : 0;
}
}  // extern "C"
#endif

namespace winograd::test {
namespace {

constexpr const char* kLines[] = {
    "n=2 c=40 h=14 w=15 k=70 pt=1 pl=1 pb=1 pr=1 act=relu residual=1",
    "c=70 h=7 w=7 k=130 pt=1 pl=1 pb=1 pr=1",
    "c=20 h=15 w=16 k=35 sh=2 sw=2 pt=1 pl=1 pb=1 pr=1",
    "c=24 h=9 w=11 k=32 groups=4 pt=1 pl=1 pb=1 pr=1",
    "c=64 h=19 w=18 k=64 groups=16 sh=2 sw=2 pt=1 pl=1 pb=1 pr=1",
    "c=37 h=12 w=13 k=37 groups=37 pt=1 pl=1 pb=1 pr=1",
    "c=20 h=9 w=9 k=35 pt=1 pl=1 pb=1 pr=1 residual=1 type=f16 accuracy=half",
};

class Allocation : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (!WINOGRAD_TEST_COUNTS_ALLOCATIONS) GTEST_SKIP() << "needs glibc and no sanitizer";
  }

  /// Calls visit(op, data) for each algorithm that applies, instruction set and layout.
  template <class Visit>
  static void for_each_case(Visit visit) {
    static Subset subset("allocations");  // one for each test, whose `visit` is a type of its own
    OpCase op = parse_line(GetParam()).value();
    for (const Layout layout : kLayouts) {
      op.desc.layout = layout;
      const OpData data = make_data(op);
      for (const Isa isa : test_isas()) {
        op.options.max_isa = isa;
        for (const Algorithm algorithm : kAllAlgorithms) {
          if (!algorithm_applies(op.desc, algorithm) || !subset.takes()) continue;
          op.options.algorithm = algorithm;
          SCOPED_TRACE(to_line(op));
          visit(op, data);
        }
      }
    }
  }
};

TEST_P(Allocation, IsSeenByTheCounter) {
  const long before = allocation_count;
  // Calls, not new expressions, which a compiler may leave out.
  constexpr std::align_val_t kWide{128};
  ::operator delete(::operator new(1));
  ::operator delete(::operator new(128, kWide), kWide);
  void* volatile block = std::malloc(10);
  std::free(block);
  EXPECT_EQ(allocation_count - before, 3);
}

TEST_P(Allocation, NoneInRun) {
  for_each_case([](const OpCase& op, const OpData& data) {
    const Result<Conv2dPlan> plan = make_plan(op, data);
    ASSERT_TRUE(plan.ok()) << plan.status().message();
    const DataType type = op.desc.data_type;
    const auto in_memory = [type](const std::vector<float>& values) {
      std::vector<char> memory(values.size() * bytes_of(type));
      to_memory(type, values, memory.data());
      return memory;
    };
    const std::vector<char> src = in_memory(data.src), added = in_memory(data.residual);
    std::vector<char> dst(static_cast<std::size_t>(op.desc.dst_size()) * bytes_of(type));
    for (const int threads : {1, 3}) {
      // Runs in this thread, where the counter looks, but is cut as for three.
      const Executor executor = make_executor(ExecutorKind::reversed, threads);
      const WorkspaceRequirement required = plan->workspace(executor.concurrency());
      const GuardedBuffer workspace(required.size_bytes, Placement::at_start);
      const void* residual = op.desc.residual ? added.data() : nullptr;

      const long before = allocation_count;
      const Status status = plan->run(type, src.data(), dst.data(),
                                      {workspace.data(), required.size_bytes}, executor, residual);
      const Status refused = plan->run(type, nullptr, dst.data(), {}, executor, residual);
      const WorkspaceRequirement again = plan->workspace(threads);
      const long after = allocation_count;

      EXPECT_EQ(after - before, 0);
      EXPECT_TRUE(status.ok()) << status.message();
      EXPECT_FALSE(refused.ok());
      EXPECT_EQ(again.size_bytes, required.size_bytes);
    }
  });
}

/// Calls `make` with ever more allocations that succeed before one fails, until none does.
template <class Make>
void fail_one_after_another(Make make) {
  for (long left = 0; left < 50; ++left) {
    allocations_left = left;
    const auto result = make();
    const bool failed = allocations_left < 0;
    allocations_left = -1;
    if (!failed) {
      EXPECT_TRUE(result.ok()) << result.status().message();
      EXPECT_GT(left, 0) << "nothing was allocated";
      return;
    }
    EXPECT_STREQ(to_string(result.status().code()), to_string(StatusCode::out_of_memory))
        << "when allocation " << left << " failed; " << result.status().message();
  }
  ADD_FAILURE() << "allocates without end";
}

TEST_P(Allocation, ThatFailsIsAStatus) {
  for_each_case([](const OpCase& op, const OpData& data) {
    const float* bias = data.bias.data();
    fail_one_after_another(
        [&] { return Conv2dPlan::create(op.desc, op.options, data.weights.data(), bias); });
    const auto packed = PackedWeights::create(op.desc, op.options, data.weights.data(), bias);
    ASSERT_TRUE(packed.ok());
    fail_one_after_another([&] { return Conv2dPlan::create(op.desc, op.options, *packed); });
    std::vector<unsigned char> blob(packed->serialized_size_bytes());
    ASSERT_TRUE(packed->save(blob.data(), blob.size()).ok());
    fail_one_after_another([&] { return PackedWeights::load(blob.data(), blob.size()); });
    const auto plan = Conv2dPlan::create(op.desc, op.options, *packed);
    ASSERT_TRUE(plan.ok());
    fail_one_after_another([&] { return plan->reshaped(1, 9, 9); });
  });
}

TEST_P(Allocation, ThatFailsLeavesATuningCacheAsItWas) {
  const std::string layers =
      "a_layer_that_is_long_enough_for_the_heap direct\n"
      "another_layer_that_is_long_enough_for_it winograd_f4\n";
  const std::string more =
      "another_layer_that_is_long_enough_for_it direct\n"
      "a_third_layer_that_is_long_enough_for_it winograd_f2\n";
  TuningCache cache;
  ASSERT_TRUE(cache.load(layers.data(), layers.size()));
  fail_one_after_another([&]() -> Result<int> {
    const Status status = cache.load(more.data(), more.size());
    const long left = allocations_left;
    allocations_left = -1;
    EXPECT_EQ(cache.size(), status.ok() ? 3U : 2U);
    if (!status) {
      EXPECT_EQ(cache.save().value(), layers);
    }
    allocations_left = left;
    return status.ok() ? Result<int>(1) : Result<int>(status);
  });

  allocations_left = 0;
  TuningCache none;
  allocations_left = -1;
  EXPECT_EQ(none.size(), 0U);
  EXPECT_STREQ(to_string(none.load(more.data(), more.size()).code()),
               to_string(StatusCode::out_of_memory));
  EXPECT_STREQ(to_string(none.save().status().code()), to_string(StatusCode::out_of_memory));
  OpCase op = parse_line(GetParam()).value();
  const std::vector<float> weights(static_cast<std::size_t>(op.desc.weights_size()));
  op.options.tuning = &none;
  EXPECT_STREQ(
      to_string(Conv2dPlan::create(op.desc, op.options, weights.data(), nullptr).status().code()),
      to_string(StatusCode::out_of_memory));

  auto* const untouched = reinterpret_cast<winograd_tuning_cache*>(&none);
  for (const long left : {0, 1}) {
    winograd_tuning_cache* result = untouched;
    allocations_left = left;
    const winograd_status status = winograd_tuning_cache_create(&result);
    allocations_left = -1;
    EXPECT_EQ(status.code, WINOGRAD_OUT_OF_MEMORY);
    EXPECT_EQ(result, untouched);
  }
}

TEST_P(Allocation, ThatFailsLeavesAWorkspaceBufferAsItWas) {
  const OpCase op = parse_line(GetParam()).value();
  const Result<Conv2dPlan> plan = make_plan(op, make_data(op));
  ASSERT_TRUE(plan.ok()) << plan.status().message();
  const auto reserve_in_vain = [&](WorkspaceBuffer& buffer, int threads) {
    ASSERT_GT(plan->workspace(threads).size_bytes, buffer.size_bytes());
    const Workspace before = buffer;
    allocations_left = 0;
    const Status status = buffer.reserve(*plan, threads);
    allocations_left = -1;
    EXPECT_STREQ(to_string(status.code()), to_string(StatusCode::out_of_memory));
    EXPECT_EQ(Workspace(buffer).data, before.data);
    EXPECT_EQ(buffer.size_bytes(), before.size_bytes);
  };
  WorkspaceBuffer buffer;
  reserve_in_vain(buffer, 1);
  ASSERT_TRUE(buffer.reserve(*plan, 1).ok());
  reserve_in_vain(buffer, 8);
}

TEST_P(Allocation, ThatFailsWhileMeasuringIsAStatus) {
  OpCase op = parse_line(GetParam()).value();
  const std::vector<float> weights(static_cast<std::size_t>(op.desc.weights_size()));
  for (long left = 0; left < 40; left += 3) {
    TuningCache cache;
    op.options.tuning = &cache;
    allocations_left = left;
    const auto plan = Conv2dPlan::create(op.desc, op.options, weights.data(), nullptr);
    const bool failed = allocations_left < 0;
    allocations_left = -1;
    if (failed) {
      EXPECT_STREQ(to_string(plan.status().code()), to_string(StatusCode::out_of_memory));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Lines, Allocation, ::testing::ValuesIn(kLines));

}  // namespace
}  // namespace winograd::test
