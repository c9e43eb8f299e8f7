// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// A touched guard page kills the process. This says which case it was.
#ifndef WINOGRAD_TESTS_REFERENCE_CRASH_NOTE_HPP
#define WINOGRAD_TESTS_REFERENCE_CRASH_NOTE_HPP

#include <string>

namespace winograd::test {

/// While it lives, `text` is written to stderr if the process dies of a fault. One at a time; the
/// text must outlive the note.
class CrashNote {
 public:
  explicit CrashNote(const std::string& text);
  ~CrashNote();
  CrashNote(const CrashNote&) = delete;
  CrashNote& operator=(const CrashNote&) = delete;
};

}  // namespace winograd::test

#endif  // WINOGRAD_TESTS_REFERENCE_CRASH_NOTE_HPP
