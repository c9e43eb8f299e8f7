// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The target of the headers that all tests share and that are compiled once (tests/CMakeLists.txt).
