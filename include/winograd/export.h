/* Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
 *
 * WINOGRAD_API marks what the library exports. The library is compiled with hidden visibility, so
 * a shared build (WINOGRAD_SHARED, defined for its users by CMake and pkg-config) must say what is
 * visible; a static build says nothing, so that whatever it is linked into does not export it
 * again. Valid as C and as C++.
 */
#ifndef WINOGRAD_EXPORT_H
#define WINOGRAD_EXPORT_H

#if defined(WINOGRAD_SHARED) && defined(__GNUC__) && !defined(_WIN32)
#define WINOGRAD_API __attribute__((visibility("default")))
#else
#define WINOGRAD_API
#endif

#endif /* WINOGRAD_EXPORT_H */
