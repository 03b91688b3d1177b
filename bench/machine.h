/* machine.h - what the numbers were measured on. */
#pragma once

#include <stddef.h>

#include "stand.h"

/* One sentence: processors, kernel, file system, versions, and how long fdatasync() takes in
 * the
 * directory of the stand. Asked before anything is measured: it tells how busy the machine was
 * then. */
void machine_describe(const struct stand *stand, char *text, size_t size);
