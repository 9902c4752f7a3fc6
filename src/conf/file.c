#include "conf/file.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"

#define OVERRIDES_MAX 16

struct reading {
	struct conf *conf;
	const struct conf_paths *paths;
	char *overrides[OVERRIDES_MAX];
	size_t n_overrides;
	size_t replaced_before; /* values before this one are replaced by those of the same name */
	unsigned depth;
};

void conf_add(struct conf *c, const char *name, const char *value, const char *file, unsigned line)
{
	if (c->n == CONF_VALUES_MAX)
		return;
	if (c->n % 64 == 0)
		xgrow(c->values, c->n + 64);
	c->values[c->n++] = (struct conf_value){xstrdup(name), xstrdup(value), file ? xstrdup(file) : NULL, line};
}

static void free_value(struct conf_value *v)
{
	free(v->name);
	free(v->value);
	free(v->file);
}

void conf_finish(struct conf *c)
{
	for (size_t i = 0; i < c->n; i++)
		free_value(&c->values[i]);
	free(c->values);
	*c = (struct conf){0};
}

char *conf_expand(const char *path, const struct conf_paths *paths)
{
	struct buf b = {0};
	char *text;

	for (; *path; path++) {
		const char *with = NULL;

		if (*path == '%') {
			switch (path[1]) {
			case 'E': with = paths->conf; break;
			case 'h': with = paths->home; break;
			case 'B': with = paths->bin; break;
			case 'S': with = paths->data; break;
			default: break;
			}
		}
		if (with) {
			buf_str(&b, with);
			path++;
		} else {
			buf_char(&b, *path);
		}
	}
	text = xstrdup(buf_text(&b));
	buf_finish(&b);
	return text;
}

static char *trim(char *s)
{
	size_t n;

	s += strspn(s, " \t\r\n");
	for (n = strlen(s); n && strchr(" \t\r\n", s[n - 1]); n--)
		s[n - 1] = '\0';
	return s;
}

/* Quotes around the whole value go; those inside, as in `wlan0:name="a b"`, stay. */
static char *unquote(char *value)
{
	size_t n = strlen(value);

	if (n < 2 || value[0] != '"' || value[n - 1] != '"' || strchr(value + 1, '"') != value + n - 1)
		return value;
	value[n - 1] = '\0';
	return value + 1;
}

/* Values of that name that stand before the overriding file go. */
static void replace(struct reading *r, const char *name)
{
	struct conf *c = r->conf;
	size_t to = 0;

	for (size_t i = 0; i < c->n; i++) {
		if (i < r->replaced_before && strcasecmp(c->values[i].name, name) == 0)
			free_value(&c->values[i]);
		else
			c->values[to++] = c->values[i];
	}
	r->replaced_before -= r->replaced_before ? c->n - to : 0;
	c->n = to;
}

static int read_file(struct reading *r, const char *path, bool needed);

static int take_value(struct reading *r, char *name, char *value, bool append, const char *path, unsigned line)
{
	cleanup_free char *file = NULL;

	if (strcasecmp(name, "include") == 0 || strcasecmp(name, "opt_include") == 0) {
		file = conf_expand(value, r->paths);
		return read_file(r, file, strcasecmp(name, "include") == 0);
	}
	if (strcasecmp(name, "opt_override") == 0) {
		if (r->n_overrides == OVERRIDES_MAX)
			return log_error(ERR_LIMIT, "%s:%u: at most %d files may override", path, line, OVERRIDES_MAX);
		r->overrides[r->n_overrides++] = conf_expand(value, r->paths);
		return 0;
	}
	if (!append && r->replaced_before)
		replace(r, name);
	conf_add(r->conf, name, value, path, line);
	return 0;
}

static int take_line(struct reading *r, char *line, const char *path, unsigned number)
{
	char *text = trim(line), *equals = strchr(text, '=');
	bool append;

	if (*text == '\0' || *text == '#')
		return 0;
	if (!equals || equals == text)
		return log_error(ERR_MALFORMED, "%s:%u: expected name=value", path, number);
	append = equals[-1] == '+';
	equals[append ? -1 : 0] = '\0';
	return take_value(r, trim(text), unquote(trim(equals + 1)), append, path, number);
}

static int read_lines(struct reading *r, FILE *f, const char *path)
{
	char line[CONF_LINE_MAX];
	unsigned number = 0;
	int result = 0;

	while (fgets(line, sizeof(line), f)) {
		int e;

		number++;
		if (!strchr(line, '\n') && !feof(f))
			return log_error(ERR_LIMIT, "%s:%u: the line is longer than %d octets", path, number,
					 CONF_LINE_MAX);
		e = take_line(r, line, path, number);
		result = e < 0 ? e : result;
		if (r->conf->n == CONF_VALUES_MAX)
			return log_error(ERR_LIMIT, "%s:%u: there are more than %d values", path, number,
					 CONF_VALUES_MAX);
	}
	return result;
}

static int read_file(struct reading *r, const char *path, bool needed)
{
	cleanup_fclose FILE *f = fopen(path, "re");
	int e;

	if (!f && !needed)
		return 0;
	if (!f)
		return log_error(-errno, "Cannot read '%s': %s", path, strerror(errno));
	if (r->depth == CONF_DEPTH_MAX)
		return log_error(ERR_LIMIT, "'%s' is included too deep; does it include itself?", path);
	r->depth++;
	e = read_lines(r, f, path);
	r->depth--;
	return e;
}

static int read_overrides(struct reading *r)
{
	int result = 0;

	for (size_t i = 0; i < r->n_overrides; i++) {
		int e;

		r->replaced_before = r->conf->n;
		e = read_file(r, r->overrides[i], false);
		result = e < 0 ? e : result;
	}
	for (size_t i = 0; i < r->n_overrides; i++)
		free(r->overrides[i]);
	return result;
}

int conf_read(const char *path, const struct conf_paths *paths, struct conf *ret_conf)
{
	struct reading r = {.conf = ret_conf, .paths = paths};
	int e, o;

	*ret_conf = (struct conf){0};
	e = read_file(&r, path, true);
	o = read_overrides(&r);
	return e < 0 ? e : o;
}

int conf_override(const char *path, const struct conf_paths *paths, struct conf *c)
{
	struct reading r = {.conf = c, .paths = paths, .replaced_before = c->n};
	int e = read_file(&r, path, true), o = read_overrides(&r);

	return e < 0 ? e : o;
}
