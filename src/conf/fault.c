/* Faults of the configuration: their file and line, and whether the server starts in spite of them. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/log.h"
#include "conf/file.h"

bool conf_is_lenient(const char *file)
{
	const char *slash = file ? strrchr(file, '/') : NULL, *name = slash ? slash + 1 : file;

	return name && strncasecmp(name, "kismet", strlen("kismet")) == 0;
}

static void format_location(const char *file, unsigned line, char *ret, size_t size)
{
	if (!file)
		(void) snprintf(ret, size, "command line");
	else if (line)
		(void) snprintf(ret, size, "%s:%u", file, line);
	else
		(void) snprintf(ret, size, "%s", file);
}

bool conf_fault(struct conf *c, const char *file, unsigned line, const char *format, ...)
{
	bool is_error = !conf_is_lenient(file);
	char where[256], what[CONF_FAULT_SIZE - sizeof(where) - 2];
	va_list args;

	format_location(file, line, where, sizeof(where));
	va_start(args, format);
	(void) vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	log_write(is_error ? LOG_LEVEL_ERROR : LOG_LEVEL_WARNING, "%s: %s", where, what);
	if (c->errors + c->warnings == 0)
		(void) snprintf(c->first, sizeof(c->first), "%s: %s", where, what);
	c->errors += is_error;
	c->warnings += !is_error;
	return is_error;
}
