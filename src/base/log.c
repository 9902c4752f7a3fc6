#include "base/log.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#define LINE_MAX_BYTES 2048

static enum log_level lowest = LOG_LEVEL_INFO;
static bool silent;
static log_hook_fn hook_fn;
static void *hook_ctx;

void log_set_hook(log_hook_fn hook, void *ctx)
{
	hook_fn = hook;
	hook_ctx = ctx;
}

void log_set_level(enum log_level level)
{
	lowest = level;
}

void log_set_silent(int on)
{
	silent = on;
}

void log_write(enum log_level level, const char *format, ...)
{
	static const char *const word[] = {"ERROR: ", "WARNING: ", "", "DEBUG: "};
	static const int priority[] = {3, 4, 6, 7}; /* syslog's */
	char text[LINE_MAX_BYTES];
	va_list ap;

	if (level > lowest)
		return;
	va_start(ap, format);
	(void) vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	if (hook_fn)
		hook_fn(hook_ctx, level, text);
	if (silent)
		return;
	if (getenv("JOURNAL_STREAM"))
		(void) fprintf(stderr, "<%d>%s\n", priority[level], text);
	else
		(void) fprintf(stderr, "norn: %s%s\n", word[level], text);
}
