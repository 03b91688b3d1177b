/* machine.h - what the numbers were measured on. */
#pragma once

#include <stddef.h>

/* One sentence: processors, kernel, file system, versions, and how long fdatasync() takes in
 * `directory`. Asked before anything is measured: it tells how busy the machine was then. */
void machine_describe(const char *directory, char *text, size_t size);
