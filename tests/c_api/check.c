/* Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0 */
#include "tests/c_api/check.h"

#include <stdio.h>
#include <string.h>

static int checks = 0;
static int failures = 0;

int check(int right, const char* what, const char* detail, const char* file, int line) {
  ++checks;
  if (!right) {
    ++failures;
    printf("%s:%d: failed: %s %s\n", file, line, what, detail);
  }
  return right;
}

int check_status(winograd_status status, winograd_status_code want, const char* part,
                 const char* what, const char* file, int line) {
  char detail[WINOGRAD_MESSAGE_CAPACITY + 64];
  const int right = status.code == want && strstr(status.message, part) != NULL &&
                    (want == WINOGRAD_OK) == (status.message[0] == '\0');
  snprintf(detail, sizeof detail, "gave %s: %s", winograd_status_code_name(status.code),
           status.message);
  return check(right, what, detail, file, line);
}

int check_result(void) {
  printf("%d checks, %d failed\n", checks, failures);
  return checks > 0 && failures == 0 ? 0 : 1;
}
