// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// How the tests themselves were built.
#ifndef WINOGRAD_TESTS_REFERENCE_BUILD_INFO_HPP
#define WINOGRAD_TESTS_REFERENCE_BUILD_INFO_HPP

#ifdef __has_feature  // clang
#define WINOGRAD_TEST_HAS_FEATURE(name) __has_feature(name)
#else
#define WINOGRAD_TEST_HAS_FEATURE(name) 0
#endif

#if defined(__SANITIZE_ADDRESS__) || WINOGRAD_TEST_HAS_FEATURE(address_sanitizer)
#define WINOGRAD_TEST_ADDRESS_SANITIZER 1
#else
#define WINOGRAD_TEST_ADDRESS_SANITIZER 0
#endif

#if defined(__SANITIZE_THREAD__) || WINOGRAD_TEST_HAS_FEATURE(thread_sanitizer)
#define WINOGRAD_TEST_THREAD_SANITIZER 1
#else
#define WINOGRAD_TEST_THREAD_SANITIZER 0
#endif

#endif  // WINOGRAD_TESTS_REFERENCE_BUILD_INFO_HPP
