/* Files of the configuration: lines, files that include others, and those that override. */
#include "conf/file.h"

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/period.h"
#include "conf/line.h"

#define OVERRIDES_MAX 16

struct reading {
	struct conf *conf;
	const struct conf_paths *paths;
	char *overrides[OVERRIDES_MAX];
	size_t n_overrides;
	size_t replaced_before; /* values before this one are replaced by those of the same name */
	unsigned depth;
};

/* Where a line is. */
struct at {
	const char *file;
	unsigned line;
};

void conf_add(struct conf *c, const char *name, const char *value, const char *file, unsigned line)
{
	if (c->n == CONF_VALUES_MAX)
		return;
	if (c->n % 64 == 0)
		xgrow(c->values, c->n + 64);
	c->values[c->n++] = (struct conf_value){.name = xstrdup(name),
						.value = xstrdup(value),
						.file = file ? xstrdup(file) : NULL,
						.line = line,
						.quoted = !file};
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

/* Of the first n values those of that name go; how many went. */
static size_t remove_values(struct conf *c, const char *name, size_t n)
{
	size_t to = 0, before = c->n;

	for (size_t i = 0; i < c->n; i++) {
		if (i < n && strcasecmp(c->values[i].name, name) == 0)
			free_value(&c->values[i]);
		else
			c->values[to++] = c->values[i];
	}
	c->n = to;
	return before - to;
}

void conf_remove(struct conf *c, const char *name)
{
	(void) remove_values(c, name, c->n);
}

static void read_file(struct reading *r, const char *path, bool needed, struct at at);

/* The path as it is found from the file that names it; the caller frees. */
static char *beside(const char *path, const char *file)
{
	const char *slash = strrchr(file, '/');
	char *found = NULL;
	glob_t matches = {0};

	if (*path == '/' || !slash || asprintf(&found, "%.*s/%s", (int) (slash - file), file, path) < 0)
		return xstrdup(path);
	if (glob(found, 0, NULL, &matches) != 0) {
		free(found);
		found = xstrdup(path);
	}
	globfree(&matches);
	return found;
}

static char *find(struct reading *r, const char *value, struct at at)
{
	cleanup_free char *path = conf_expand(value, r->paths);

	return beside(path, at.file);
}

static void include(struct reading *r, const char *value, bool needed, struct at at)
{
	cleanup_free char *path = find(r, value, at);
	glob_t matches = {0};

	if (access(path, F_OK) == 0 || glob(path, 0, NULL, &matches) != 0)
		read_file(r, path, needed, at);
	for (size_t i = 0; i < matches.gl_pathc; i++)
		read_file(r, matches.gl_pathv[i], needed, at);
	globfree(&matches);
}

static void take_value(struct reading *r, const struct conf_line *l, struct at at)
{
	bool needed = strcasecmp(l->name, "include") == 0;

	if (needed || strcasecmp(l->name, "opt_include") == 0) {
		include(r, l->value, needed, at);
		return;
	}
	if (strcasecmp(l->name, "opt_override") == 0) {
		if (r->n_overrides < OVERRIDES_MAX)
			r->overrides[r->n_overrides++] = find(r, l->value, at);
		else
			(void) conf_fault(r->conf, at.file, at.line,
					  "this opt_override= is ignored: there may be at most %d", OVERRIDES_MAX);
		return;
	}
	if (!l->append && r->replaced_before)
		r->replaced_before -= remove_values(r->conf, l->name, r->replaced_before);
	if (r->conf->n < CONF_VALUES_MAX) {
		conf_add(r->conf, l->name, l->value, at.file, at.line);
		r->conf->values[r->conf->n - 1].append = l->append;
		r->conf->values[r->conf->n - 1].quoted = l->quoted;
	}
}

/* False when the rest of the file is not worth reading. */
static bool take_line(struct reading *r, char *text, size_t n, struct at at)
{
	static const char mark[] = "\xef\xbb\xbf"; /* a UTF-8 byte order mark */
	size_t skip = at.line == 1 && strncmp(text, mark, strlen(mark)) == 0 ? strlen(mark) : 0;
	struct conf_line line;
	int e = conf_line_take(text + skip, n - skip, &line);

	if (e == ERR_UNSUPPORTED)
		(void) conf_fault(
			r->conf, at.file, at.line,
			"the line has a control character, so this is not a text file; the rest of it is not read");
	else if (e < 0)
		(void) conf_fault(r->conf, at.file, at.line, "expected name=value");
	else if (e > 0)
		take_value(r, &line, at);
	return e != ERR_UNSUPPORTED;
}

static void read_lines(struct reading *r, FILE *f, const char *path)
{
	char line[CONF_LINE_MAX + 1];
	struct at at = {.file = path};

	while (fgets(line, sizeof(line), f)) {
		size_t n = strlen(line);

		at.line++;
		if (n == CONF_LINE_MAX && line[n - 1] != '\n') {
			(void) conf_fault(r->conf, path, at.line,
					  "the line is longer than %d octets; the rest of the file is not read",
					  CONF_LINE_MAX);
			return;
		}
		n += (n == 0 || line[n - 1] != '\n') && !feof(f); /* it ends early, at a NUL */
		if (!take_line(r, line, n, at))
			return;
		if (r->conf->n == CONF_VALUES_MAX) {
			(void) conf_fault(r->conf, path, at.line,
					  "the configuration has more than %d values; the rest of the file is not read",
					  CONF_VALUES_MAX);
			return;
		}
	}
}

/* A file that is needed and missing is an error, also where Kismet's files name it. */
static void cannot_read(struct reading *r, const char *path, bool needed, struct at at, const char *why)
{
	if (!needed) {
		(void) conf_fault(r->conf, at.file, at.line, "Cannot read '%s': %s", path, why);
		return;
	}
	r->conf->errors++;
	if (at.file)
		log_write(LOG_LEVEL_ERROR, "%s:%u: Cannot read '%s': %s", at.file, at.line, path, why);
	else
		log_write(LOG_LEVEL_ERROR, "Cannot read the configuration file '%s': %s", path, why);
}

static void read_file(struct reading *r, const char *path, bool needed, struct at at)
{
	cleanup_fclose FILE *f = fopen(path, "re");
	struct stat st = {0};

	if (!f && !needed && (errno == ENOENT || errno == ENOTDIR))
		return;
	if (!f) {
		cannot_read(r, path, needed, at, strerror(errno));
	} else if (fstat(fileno(f), &st) == 0 && S_ISDIR(st.st_mode)) {
		cannot_read(r, path, needed, at, strerror(EISDIR));
	} else if (r->depth == CONF_DEPTH_MAX) {
		cannot_read(r, path, true, at,
			    "more than " TEXT_OF(CONF_DEPTH_MAX) " files include each other; does it include itself?");
	} else {
		log_debug("Reading the configuration file '%s'", path);
		r->depth++;
		read_lines(r, f, path);
		r->depth--;
	}
}

static void read_overrides(struct reading *r)
{
	for (size_t i = 0; i < r->n_overrides; i++) {
		r->replaced_before = r->conf->n;
		read_file(r, r->overrides[i], false, (struct at){.file = r->overrides[i]});
	}
	for (size_t i = 0; i < r->n_overrides; i++)
		free(r->overrides[i]);
}

void conf_read(const char *path, const struct conf_paths *paths, struct conf *c)
{
	struct reading r = {.conf = c, .paths = paths};

	read_file(&r, path, true, (struct at){0});
	read_overrides(&r);
}

void conf_override(const char *path, const struct conf_paths *paths, struct conf *c)
{
	struct reading r = {.conf = c, .paths = paths, .replaced_before = c->n};

	read_file(&r, path, true, (struct at){0});
	read_overrides(&r);
}
