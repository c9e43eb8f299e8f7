/* Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
 *
 * Every function of the C interface, from C99. */
#include "tests/c_api/check.h"
#include "tests/c_api/tests.h"

int main(void) {
  test_arguments();
  test_plans();
  test_weights();
  return check_result();
}
