/* machine.h - what the numbers were measured on. */
#pragma once

#include <stddef.h>

/* One sentence: processors, kernel, file system, versions, and how long fdatasync() takes in
 * `directory`. */
void machine_describe(const char *directory, char *text, size_t size);
