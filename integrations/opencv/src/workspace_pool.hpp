// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#ifndef WINOGRAD_OPENCV_SRC_WORKSPACE_POOL_HPP
#define WINOGRAD_OPENCV_SRC_WORKSPACE_POOL_HPP

#include <cstddef>
#include <memory>
#include <mutex>
#include <new>
#include <utility>
#include <vector>

#include "winograd/conv2d.hpp"

namespace winograd::opencv {

/// Scratch memory, lent for the time of one layer. Layers of a network run one after another, so
/// all of them share one piece; networks that run at the same time get one each. Thread-safe.
class WorkspacePool {
  static constexpr std::align_val_t kAlignment{64};
  struct Free {
    void operator()(std::byte* p) const noexcept { ::operator delete(p, kAlignment); }
  };
  struct Block {
    std::unique_ptr<std::byte, Free> data;
    std::size_t size_bytes = 0;
  };

 public:
  /// Scratch memory of at least the required size, for as long as this lives. The pool must outlive
  /// it.
  class Lease {
   public:
    Lease(WorkspacePool& pool, const WorkspaceRequirement& required);
    ~Lease() { pool_.give_back(std::move(block_)); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    Workspace workspace() const noexcept { return {block_.data.get(), block_.size_bytes}; }

   private:
    explicit Lease(WorkspacePool& pool) : pool_(pool), block_(pool.take()) {}

    WorkspacePool& pool_;
    Block block_;
  };

 private:
  Block take();  ///< empty if none is idle
  void give_back(Block block) noexcept;

  std::mutex mutex_;
  std::vector<Block> idle_;
  std::size_t lent_ = 0;
};

}  // namespace winograd::opencv

#endif  // WINOGRAD_OPENCV_SRC_WORKSPACE_POOL_HPP
