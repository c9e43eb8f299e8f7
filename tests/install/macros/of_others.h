/* Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
 *
 * Macros of X11/Xlib.h, sys/sysmacros.h, windows.h and of compilers' GNU modes, as they are where
 * those were included first. */
#define None 0L
#define Status int
#define Bool int
#define True 1
#define False 0
#define Success 0
#define Always 2
#define Complex 0
#define major(dev) (dev)
#define minor(dev) (dev)
#define ERROR 0
#define IN
#define OUT
#define far
#define near
#define small char
#define interface struct
#define linux 1
#define unix 1
