// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "tests/reference/crash_note.hpp"

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstddef>
#include <cstring>

namespace winograd::test {
namespace {

constexpr int kSignals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
constexpr std::size_t kSignalCount = sizeof kSignals / sizeof kSignals[0];

std::atomic<const char*> current_text{nullptr};
struct sigaction previous[kSignalCount];

void write_text(const char* text) {
  // Nothing can be done if this fails, and a handler must not do more.
  if (write(STDERR_FILENO, text, std::strlen(text)) < 0) return;
}

/// Writes the note and gives the signal to whoever had it before: a sanitizer, or the system.
void on_fault(int number) {
  if (const char* text = current_text.load()) {
    write_text("\nfault; ");
    write_text(text);
    write_text("\n");
  }
  for (std::size_t i = 0; i < kSignalCount; ++i) {
    if (kSignals[i] == number) sigaction(number, &previous[i], nullptr);
  }
  // The others come again when the faulting instruction is repeated.
  if (number == SIGABRT) raise(number);
}

bool install() {
  struct sigaction action = {};
  action.sa_handler = on_fault;
  sigemptyset(&action.sa_mask);
  for (std::size_t i = 0; i < kSignalCount; ++i) sigaction(kSignals[i], &action, &previous[i]);
  return true;
}

}  // namespace

CrashNote::CrashNote(const std::string& text) {
  static const bool installed = install();
  static_cast<void>(installed);
  current_text = text.c_str();
}

CrashNote::~CrashNote() { current_text = nullptr; }

}  // namespace winograd::test
