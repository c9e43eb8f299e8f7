// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "workspace_pool.hpp"

#include <opencv2/core.hpp>

namespace winograd::opencv {

// Delegates, so that the destructor gives the block back if the allocation fails.
WorkspacePool::Lease::Lease(WorkspacePool& pool, const WorkspaceRequirement& required)
    : Lease(pool) {
  CV_Assert(required.alignment_bytes <= static_cast<std::size_t>(kAlignment));
  if (block_.size_bytes >= required.size_bytes) return;
  block_ = {};  // first: the contents are not needed
  block_.data.reset(static_cast<std::byte*>(::operator new(required.size_bytes, kAlignment)));
  block_.size_bytes = required.size_bytes;
}

WorkspacePool::Block WorkspacePool::take() {
  const std::lock_guard lock(mutex_);
  // Room for all blocks when they come back: giving back must not fail.
  idle_.reserve(idle_.size() + lent_ + 1);
  ++lent_;
  if (idle_.empty()) return {};
  Block block = std::move(idle_.back());
  idle_.pop_back();
  return block;
}

void WorkspacePool::give_back(Block block) noexcept {
  const std::lock_guard lock(mutex_);
  --lent_;
  idle_.push_back(std::move(block));
}

}  // namespace winograd::opencv
