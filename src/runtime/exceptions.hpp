// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Failed allocations of the standard library become a Status:
//
//   WINOGRAD_TRY {
//     return std::make_shared<Thing>();
//   }
//   WINOGRAD_CATCH_BAD_ALLOC { return nullptr; }
//
// Built with -fno-exceptions, the library has no such place to go to: there the standard library
// ends the process when a small allocation fails, as it does in all of such a program. Weights and
// workspaces, the large ones, are allocated without exceptions in any build.
#ifndef WINOGRAD_SRC_RUNTIME_EXCEPTIONS_HPP
#define WINOGRAD_SRC_RUNTIME_EXCEPTIONS_HPP

#include <new>

#if defined(__cpp_exceptions)
#define WINOGRAD_TRY try
#define WINOGRAD_CATCH_BAD_ALLOC catch (const std::bad_alloc&)
#else
#define WINOGRAD_TRY if constexpr (true)
#define WINOGRAD_CATCH_BAD_ALLOC else
#endif

#endif  // WINOGRAD_SRC_RUNTIME_EXCEPTIONS_HPP
