// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// A QEMU TCG plugin that counts executed guest instructions between two markers (markers.hpp),
// exactly and repeatably. It writes how often each straight run of code was executed, with the
// code itself; report.py does everything else.
//
//   c++ -std=c++17 -O2 -shared -fPIC plugin.cpp -o libarmcount.so
//   qemu-aarch64 -L /usr/aarch64-linux-gnu -plugin ./libarmcount.so,out=FILE ./program
//
// Needs user-mode QEMU 6.0 to 8.2 built with plugin support (plugin interface version 1). One
// guest thread only: QEMU's inline counters are not atomic. "No marker was met" is an error, told
// by `regions` being zero.
//
// Method: a translated block is cut into segments at the markers. The first instruction of each
// segment increments the segment's counter. START remembers all counters, STOP adds the
// differences, so that code on both sides of a marker in one block is told apart.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <string>
#include <vector>

// QEMU's plugin interface, version 1. Debian ships the emulator without this header.
extern "C" {
using qemu_plugin_id_t = std::uint64_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
struct qemu_info_t {
  const char* target_name;
  struct {
    int min;
    int cur;
  } version;
  bool system_emulation;
  struct {
    int smp_vcpus;
    int max_vcpus;
  } system;
};
void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t,
                                           void (*)(qemu_plugin_id_t, qemu_plugin_tb*));
void qemu_plugin_register_vcpu_insn_exec_inline(qemu_plugin_insn*, int operation, void* counter,
                                                std::uint64_t addend);
void qemu_plugin_register_vcpu_insn_exec_cb(qemu_plugin_insn*, void (*)(unsigned, void*),
                                            int register_access, void* user);
void qemu_plugin_register_atexit_cb(qemu_plugin_id_t, void (*)(qemu_plugin_id_t, void*),
                                    void* user);
std::size_t qemu_plugin_tb_n_insns(const qemu_plugin_tb*);
qemu_plugin_insn* qemu_plugin_tb_get_insn(const qemu_plugin_tb*, std::size_t);
const void* qemu_plugin_insn_data(const qemu_plugin_insn*);
std::size_t qemu_plugin_insn_size(const qemu_plugin_insn*);
std::uint64_t qemu_plugin_insn_vaddr(const qemu_plugin_insn*);
char* qemu_plugin_insn_disas(const qemu_plugin_insn*);
const char* qemu_plugin_insn_symbol(const qemu_plugin_insn*);

__attribute__((visibility("default"))) int qemu_plugin_version = 1;
__attribute__((visibility("default"))) int qemu_plugin_install(qemu_plugin_id_t id,
                                                               const qemu_info_t* info, int argc,
                                                               char** argv);
}

namespace {

constexpr int kAddU64 = 0;            // QEMU_PLUGIN_INLINE_ADD_U64
constexpr int kNoRegisterAccess = 0;  // QEMU_PLUGIN_CB_NO_REGS

struct Segment {
  std::uint64_t executed = 0;  // ever; incremented by translated code
  std::uint64_t at_start = 0;  // `executed` when the region was entered
  std::uint64_t in_region = 0;
  std::uint64_t address = 0;
  std::string symbol;
  std::vector<std::string> code;  // "hex bytes<TAB>disassembly" of each instruction
};

enum class Marker { none, start, stop };

std::deque<Segment> segments;  // a deque: the counters' addresses are compiled into guest code
std::string output_path;
std::string target;
std::uint64_t regions = 0;
bool inside = false;

Marker marker_of(const qemu_plugin_insn* insn) {
  if (qemu_plugin_insn_size(insn) != 4) return Marker::none;
  std::uint32_t word = 0;
  std::memcpy(&word, qemu_plugin_insn_data(insn), sizeof word);
  if (target == "aarch64") {
    if (word == 0xd5032e1fU) return Marker::start;  // hint #112
    if (word == 0xd5032e3fU) return Marker::stop;   // hint #113
  } else {
    // A32, and T32 with its two halfwords in memory order.
    if (word == 0xe320f070U || word == 0x8070f3afU) return Marker::start;
    if (word == 0xe320f071U || word == 0x8071f3afU) return Marker::stop;
  }
  return Marker::none;
}

void on_start(unsigned /*cpu*/, void* /*user*/) {
  for (Segment& segment : segments) segment.at_start = segment.executed;
  inside = true;
}

void on_stop(unsigned /*cpu*/, void* /*user*/) {
  if (!inside) return;
  // A segment translated since START has at_start == 0, and all its executions are inside.
  for (Segment& segment : segments) segment.in_region += segment.executed - segment.at_start;
  inside = false;
  ++regions;
}

std::string describe(const qemu_plugin_insn* insn) {
  std::string text;
  const auto* bytes = static_cast<const unsigned char*>(qemu_plugin_insn_data(insn));
  for (std::size_t i = 0; i < qemu_plugin_insn_size(insn); ++i) {
    char hex[3];
    std::snprintf(hex, sizeof hex, "%02x", static_cast<unsigned>(bytes[i]));
    text += hex;
  }
  char* disassembly = qemu_plugin_insn_disas(insn);
  text += '\t';
  text += disassembly;
  std::free(disassembly);
  return text;
}

void on_translate(qemu_plugin_id_t /*id*/, qemu_plugin_tb* block) {
  Segment* segment = nullptr;
  const std::size_t count = qemu_plugin_tb_n_insns(block);
  for (std::size_t i = 0; i < count; ++i) {
    qemu_plugin_insn* insn = qemu_plugin_tb_get_insn(block, i);
    const Marker marker = marker_of(insn);
    if (marker != Marker::none) {
      qemu_plugin_register_vcpu_insn_exec_cb(insn, marker == Marker::start ? on_start : on_stop,
                                             kNoRegisterAccess, nullptr);
      segment = nullptr;
      continue;
    }
    if (segment == nullptr) {
      segment = &segments.emplace_back();
      segment->address = qemu_plugin_insn_vaddr(insn);
      const char* symbol = qemu_plugin_insn_symbol(insn);
      segment->symbol = symbol != nullptr && *symbol != '\0' ? symbol : "?";
      qemu_plugin_register_vcpu_insn_exec_inline(insn, kAddU64, &segment->executed, 1);
    }
    segment->code.push_back(describe(insn));
  }
}

void on_exit(qemu_plugin_id_t /*id*/, void* /*user*/) {
  std::FILE* file = std::fopen(output_path.c_str(), "w");
  if (file == nullptr) {
    std::perror(output_path.c_str());
    return;
  }
  std::fprintf(file, "target\t%s\nregions\t%llu\n", target.c_str(),
               static_cast<unsigned long long>(regions));
  for (const Segment& segment : segments) {
    if (segment.in_region == 0) continue;
    std::fprintf(file, "segment\t%llx\t%llu\t%s\n",
                 static_cast<unsigned long long>(segment.address),
                 static_cast<unsigned long long>(segment.in_region), segment.symbol.c_str());
    for (const std::string& line : segment.code) std::fprintf(file, "\t%s\n", line.c_str());
  }
  std::fclose(file);
}

}  // namespace

int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t* info, int argc, char** argv) {
  target = info->target_name;
  for (int i = 0; i < argc; ++i) {
    if (std::strncmp(argv[i], "out=", 4) == 0) output_path = argv[i] + 4;
  }
  if (output_path.empty() || (target != "aarch64" && target != "arm")) {
    std::fprintf(stderr, "armcount: out=FILE is needed, and a guest that is aarch64 or arm\n");
    return -1;
  }
  qemu_plugin_register_vcpu_tb_trans_cb(id, on_translate);
  qemu_plugin_register_atexit_cb(id, on_exit, nullptr);
  return 0;
}
