/* Standard error without waiting for its reader: a pager that was stopped, a terminal under Ctrl-S or a journal
 * that hangs must not hold up a thread of the server, nor its stop. */
#pragma once
#include <stddef.h>

/* Writes the text whole, or leaves it out: when standard error takes nothing for a second, that text and the following
 * ones are dropped until it takes some again, which then reads how many were. Texts of several threads do not mix.
 * Any thread. */
void console_write(const char *text, size_t n);
