/* Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
 *
 * The parts of c_api_test. */
#ifndef WINOGRAD_TESTS_C_API_TESTS_H
#define WINOGRAD_TESTS_C_API_TESTS_H

void test_arguments(void);
void test_plans(void);
void test_weights(void);

#endif /* WINOGRAD_TESTS_C_API_TESTS_H */
