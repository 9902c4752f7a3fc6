/* Private to capture: which capture program opens a source. */
#pragma once
#include <stddef.h>

#include "capture/drivers.h"
#include "capture/source.h"

struct registry;

/* Whether there is that interface, as far as this machine can see, and a program for that kind; NULL: for any. */
int live_check(const struct registry *r, const char *interface, const struct source_driver *driver,
	       char error[SOURCE_TEXT_SIZE]);
/* Where that program is, and its name. */
int live_program(const struct registry *r, const struct source_driver *driver, const char **ret_name, char *path,
		 size_t size, char error[SOURCE_TEXT_SIZE]);
