#include "base/log.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/console.h"
#include "base/json_out.h"
#include "base/secret.h"

#define LINE_MAX_BYTES 2048

static enum log_level lowest = LOG_LEVEL_INFO;
static bool silent;
static log_hook_fn hook_fn;
static void *hook_ctx;
static void (*clear_fn)(void);

void log_set_hook(log_hook_fn hook, void *ctx)
{
	hook_fn = hook;
	hook_ctx = ctx;
}

void log_set_clear(void (*clear)(void))
{
	clear_fn = clear;
}

void log_set_level(enum log_level level)
{
	lowest = level;
}

void log_set_silent(int on)
{
	silent = on;
}

/* One line that any terminal can show: a byte that is no text becomes \\xHH. */
static void make_plain(const char *text, char *ret, size_t size)
{
	size_t n = 0, left = strlen(text);

	while (left && n + 5 < size) {
		const uint8_t *p = (const uint8_t *) text;
		size_t len = *p < 32 || *p == 127 ? 0 : utf8_sequence(p, left);

		if (len) {
			memcpy(ret + n, text, len);
			n += len;
		} else {
			n += (size_t) snprintf(ret + n, 5, "\\x%02x", *p);
			len = 1;
		}
		text += len;
		left -= len;
	}
	ret[n] = '\0';
}

static void print(enum log_level level, const char *text)
{
	static const char *const word[] = {"ERROR: ", "WARNING: ", "", "DEBUG: "};
	static const int priority[] = {3, 4, 6, 7}; /* syslog's */
	char line[LINE_MAX_BYTES + 32];
	int n;

	if (silent)
		return;
	if (clear_fn)
		clear_fn();
	if (getenv("JOURNAL_STREAM"))
		n = snprintf(line, sizeof(line), "<%d>%s\n", priority[level], text);
	else
		n = snprintf(line, sizeof(line), "norn: %s%s\n", word[level], text);
	console_write(line, (size_t) n);
}

void log_private(const char *format, ...)
{
	char text[LINE_MAX_BYTES], raw[LINE_MAX_BYTES];
	va_list ap;

	va_start(ap, format);
	(void) vsnprintf(raw, sizeof(raw), format, ap);
	va_end(ap);
	make_plain(raw, text, sizeof(text));
	print(LOG_LEVEL_WARNING, text);
}

void log_write(enum log_level level, const char *format, ...)
{
	char text[LINE_MAX_BYTES], raw[LINE_MAX_BYTES];
	va_list ap;

	if (level > lowest)
		return;
	va_start(ap, format);
	(void) vsnprintf(raw, sizeof(raw), format, ap);
	va_end(ap);
	secret_mask(raw, sizeof(raw));
	make_plain(raw, text, sizeof(text));
	if (hook_fn)
		hook_fn(hook_ctx, level, text);
	print(level, text);
}
