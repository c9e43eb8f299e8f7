/* Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
 *
 * Checks that are counted and reported, for tests in C. */
#ifndef WINOGRAD_TESTS_C_API_CHECK_H
#define WINOGRAD_TESTS_C_API_CHECK_H

#include "winograd/winograd.h"

/* Report a failure with its place, and go on. */
#define CHECK(condition) check((condition) != 0, #condition, "", __FILE__, __LINE__)
#define CHECK_OK(status) check_status((status), WINOGRAD_OK, "", #status, __FILE__, __LINE__)
/* The call fails with `code`, and its message has `part` in it. */
#define CHECK_FAILS(status, code, part) \
  check_status((status), (code), (part), #status, __FILE__, __LINE__)

int check(int right, const char* what, const char* detail, const char* file, int line);
int check_status(winograd_status status, winograd_status_code want, const char* part,
                 const char* what, const char* file, int line);

/* The exit status of the program: 0 if checks were made and none failed. */
int check_result(void);

#endif /* WINOGRAD_TESTS_C_API_CHECK_H */
