#include "query/error.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/err.h"

#define EXCERPT 40 /* octets of the text that a sentence repeats */

/* Printable ASCII of what the error is about; other octets are '?'. */
static void excerpt(const char *p, size_t n, char ret[EXCERPT + 4])
{
	size_t i = 0;

	for (; i < n && i < EXCERPT; i++)
		ret[i] = p[i] >= 0x20 && p[i] < 0x7f ? p[i] : '?';
	(void) snprintf(ret + i, 4, "%s", n > EXCERPT ? "..." : "");
}

int query_fail(struct query_error *ret_error, const char *text, size_t at, size_t n, const char *format, ...)
{
	char about[EXCERPT + 4];
	va_list args;
	int used;

	*ret_error = (struct query_error){.at = at, .n = n};
	excerpt(text + at, n, about);
	if (n)
		used = snprintf(ret_error->text, sizeof(ret_error->text), "At octet %zu ('%s'): ", at, about);
	else
		used = snprintf(ret_error->text, sizeof(ret_error->text), "At octet %zu: ", at);
	va_start(args, format);
	(void) vsnprintf(ret_error->text + used, sizeof(ret_error->text) - (size_t) used, format, args);
	va_end(args);
	return ERR_MALFORMED;
}
