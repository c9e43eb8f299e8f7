/* Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
 *
 * What is left when a header defines only macros: C does not allow an empty translation unit. */
typedef int nothing;
