// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#ifndef WINOGRAD_BENCH_MODEL_REPORT_PAGE_HPP
#define WINOGRAD_BENCH_MODEL_REPORT_PAGE_HPP

namespace winograd::bench {

/// report.html; the build puts it here.
extern const char* const kReportPage;

}  // namespace winograd::bench

#endif  // WINOGRAD_BENCH_MODEL_REPORT_PAGE_HPP
