/* Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
 *
 * Compiled with of_others.h and a public header before it: the macros are what they were. */
#if !defined(None) || !defined(Bool) || !defined(Success) || !defined(Always) || !defined(major)
#error a macro of others is gone
#endif
#define STRING_OF(text) #text
#define STRING(macro) STRING_OF(macro)
static_assert(sizeof(STRING(Status)) == sizeof("int"), "Status is another macro now");
