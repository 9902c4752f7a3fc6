/* Names of log files. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/buf.h"
#include "store/log_run.h"

#define NUMBERS_MAX 100000

static void put_time(struct buf *b, const char *format)
{
	time_t now = time(NULL);
	struct tm tm;
	char text[32];

	(void) gmtime_r(&now, &tm);
	if (*format == 'D')
		(void) strftime(text, sizeof(text), "%Y%m%d", &tm);
	else
		(void) strftime(text, sizeof(text), "%H-%M-%S", &tm);
	buf_str(b, text);
}

/* i numbers files of the same second. */
static void make(const struct log_conf *c, const char *title, const char *suffix, unsigned i,
		 char ret_path[LOG_PATH_SIZE])
{
	struct buf b = {0};

	for (const char *p = c->file_template; *p; p++) {
		if (*p != '%' || !p[1]) {
			buf_char(&b, *p);
			continue;
		}
		switch (*++p) {
		case 'p': buf_str(&b, c->prefix); break;
		case 'n': buf_str(&b, title); break;
		case 'D':
		case 't': put_time(&b, p); break;
		case 'T': buf_printf(&b, "%llu", (unsigned long long) c->start_sec); break;
		case 'i': buf_printf(&b, "%u", i); break;
		case 'I': buf_printf(&b, "%05u", i); break;
		case 'l': buf_str(&b, suffix); break;
		case 'd':
		case 'h': buf_str(&b, c->home); break;
		case 'S': buf_str(&b, c->data_folder); break;
		case 'E': buf_str(&b, c->conf_folder); break;
		case 'B': buf_str(&b, c->bin_folder); break;
		default: buf_char(&b, *p);
		}
	}
	if (i > 1 && !strstr(c->file_template, "%i") && !strstr(c->file_template, "%I"))
		buf_printf(&b, ".%u", i);
	(void) snprintf(ret_path, LOG_PATH_SIZE, "%s", buf_text(&b));
	buf_finish(&b);
}

bool log_name(const struct log_conf *c, const char *title, const char *suffix,
	      char ret_path[LOG_PATH_SIZE])
{
	struct stat st;

	for (unsigned i = 1; i < NUMBERS_MAX; i++) {
		make(c, title, suffix, i, ret_path);
		if (lstat(ret_path, &st) != 0)
			return errno == ENOENT;
	}
	return false;
}
