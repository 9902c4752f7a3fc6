#include "conf/file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"

void conf_add(struct conf *c, const char *name, const char *value, unsigned line)
{
	if (c->n == CONF_VALUES_MAX)
		return;
	xgrow(c->values, c->n + 1);
	c->values[c->n++] = (struct conf_value){xstrdup(name), xstrdup(value), line};
}

static char *trim(char *s)
{
	size_t n;

	s += strspn(s, " \t\r\n");
	for (n = strlen(s); n && strchr(" \t\r\n", s[n - 1]); n--)
		s[n - 1] = '\0';
	return s;
}

static int take_line(struct conf *c, char *line, const char *path, unsigned number)
{
	char *text = trim(line), *equals = strchr(text, '='), *value;
	size_t n;

	if (*text == '\0' || *text == '#')
		return 0;
	if (!equals || equals == text)
		return log_error(ERR_MALFORMED, "%s:%u: expected name=value", path, number);
	*equals = '\0';
	value = trim(equals + 1);
	n = strlen(value);
	if (n >= 2 && value[0] == '"' && value[n - 1] == '"' && !strchr(value + 1, ':')) {
		value[n - 1] = '\0';
		value++;
	}
	conf_add(c, trim(text), value, number);
	return 0;
}

int conf_read(const char *path, struct conf *ret_conf)
{
	cleanup_fclose FILE *f = fopen(path, "re");
	char line[CONF_LINE_MAX];
	unsigned number = 0;

	*ret_conf = (struct conf){0};
	if (!f)
		return log_error(-errno, "Cannot read '%s': %s", path, strerror(errno));
	while (fgets(line, sizeof(line), f)) {
		int r;

		number++;
		if (!strchr(line, '\n') && !feof(f))
			return log_error(ERR_LIMIT, "%s:%u: the line is longer than %d octets", path,
					 number, CONF_LINE_MAX);
		r = take_line(ret_conf, line, path, number);
		if (r < 0)
			return r;
	}
	return 0;
}

const char *conf_get(const struct conf *c, const char *name)
{
	for (size_t i = c->n; i > 0; i--)
		if (strcmp(c->values[i - 1].name, name) == 0)
			return c->values[i - 1].value;
	return NULL;
}

void conf_finish(struct conf *c)
{
	for (size_t i = 0; i < c->n; i++) {
		free(c->values[i].name);
		free(c->values[i].value);
	}
	free(c->values);
	*c = (struct conf){0};
}
