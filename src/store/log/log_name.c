#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "store/log/log_name.h"
#include "base/buf.h"
#include "store/log/log_run.h"

#define NUMBERS_MAX 100000

/* What a name is made of; with .pattern it is an expression for glob() that every such name matches. */
struct naming {
	const struct log_conf *conf;
	const char *title, *suffix;
	bool pattern;
	unsigned i; /* numbers files of the same second */
};

static void put_time(struct buf *b, char what, bool local)
{
	time_t now = time(NULL);
	struct tm tm;
	char text[32];

	(void) (local ? localtime_r(&now, &tm) : gmtime_r(&now, &tm));
	(void) strftime(text, sizeof(text), what == 'D' ? "%Y%m%d" : "%H-%M-%S", &tm);
	buf_str(b, text);
}

/* Where a folder and a name are joined, there is one '/'. */
static void put_text(struct buf *b, const char *text, const struct naming *n)
{
	for (; *text; text++) {
		if (*text == '/' && b->len && b->p[b->len - 1] == '/')
			continue;
		if (n->pattern && strchr("*?[]\\", *text))
			buf_char(b, '\\');
		buf_char(b, *text);
	}
}

/* True if that was one of the letters for what differs from file to file. */
static bool put_changing(struct buf *b, char what, const struct naming *n)
{
	if (!strchr("DtTiI", what))
		return false;
	if (n->pattern)
		buf_char(b, '*');
	else if (what == 'D' || what == 't')
		put_time(b, what, n->conf->local_time);
	else if (what == 'T')
		buf_printf(b, "%llu", (unsigned long long) n->conf->start_sec);
	else
		buf_printf(b, what == 'i' ? "%u" : "%05u", n->i);
	return true;
}

static void make(const struct naming *n, char ret_path[LOG_PATH_SIZE])
{
	const struct log_conf *c = n->conf;
	struct buf b = {0};

	for (const char *p = c->file_template; *p; p++) {
		if (*p != '%' || !p[1]) {
			put_text(&b, (char[2]){*p}, n);
			continue;
		}
		if (put_changing(&b, *++p, n))
			continue;
		switch (*p) {
		case 'p': put_text(&b, *c->prefix ? c->prefix : ".", n); break;
		case 'n': put_text(&b, n->title, n); break;
		case 'l': put_text(&b, n->suffix, n); break;
		case 'd':
		case 'h': put_text(&b, c->home, n); break;
		case 'S': put_text(&b, c->data_folder, n); break;
		case 'E': put_text(&b, c->conf_folder, n); break;
		case 'B': put_text(&b, c->bin_folder, n); break;
		default: put_text(&b, (char[2]){*p}, n);
		}
	}
	if (n->i > 1 && !strstr(c->file_template, "%i") && !strstr(c->file_template, "%I"))
		buf_printf(&b, ".%u", n->i);
	(void) snprintf(ret_path, LOG_PATH_SIZE, "%s", buf_text(&b));
	buf_finish(&b);
}

void log_pattern(const struct log_conf *c, const char *title, const char *suffix, char ret_pattern[LOG_PATH_SIZE])
{
	make(&(struct naming){.conf = c, .title = title, .suffix = suffix, .pattern = true, .i = 1}, ret_pattern);
}

bool log_name(const struct log_conf *c, const char *title, const char *suffix, char ret_path[LOG_PATH_SIZE])
{
	struct stat st;

	for (unsigned i = 1; i < NUMBERS_MAX; i++) {
		make(&(struct naming){.conf = c, .title = title, .suffix = suffix, .i = i}, ret_path);
		if (lstat(ret_path, &st) != 0)
			return errno == ENOENT;
	}
	return false;
}
