// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "tests/kernels/isa_param.hpp"

#include <cstdio>
#include <ostream>

#include "src/runtime/kernel_sets.hpp"
#include "tests/kernels/emulated/emulated_sets.hpp"

namespace winograd::test {

void PrintTo(const TestedSet& tested, std::ostream* stream) { *stream << tested.name; }

const std::vector<TestedSet>& tested_sets() {
  static const std::vector<TestedSet> sets = [] {
    std::vector<TestedSet> chosen;
    for (const Isa isa : test_isas()) {
      chosen.push_back({to_string(isa), detail::find_kernel_set(isa)});
    }
    for (const EmulatedSet& emulated : emulated_sets()) {
      if (emulated.runs()) {
        chosen.push_back({emulated.name, emulated.set});
      } else {
        std::printf("[ SKIPPED  ] %s: it is made of %s\n", emulated.name,
                    to_string(emulated.made_of));
      }
    }
    return chosen;
  }();
  return sets;
}

}  // namespace winograd::test
