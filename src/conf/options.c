#include "conf/options.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "conf/rows.h"

/* In the order of the sample file. */
static const struct option_table *const sections[] = {
	&rows_server, &rows_httpd, &rows_sources, &rows_tracking, &rows_dot11,
	&rows_logs,   &rows_gps,   &rows_alerts,  &rows_limits,
};
const size_t option_section_count = ARRAY_SIZE(sections);

const struct option_table *option_section(size_t i)
{
	return sections[i];
}

static const struct option_row *find_row(const char *name)
{
	for (size_t i = 0; i < option_section_count; i++) {
		const struct option_row *o = option_find(sections[i], name);

		if (o)
			return o;
	}
	return NULL;
}

static bool is_not_heeded(const char *name)
{
	for (size_t i = 0; options_not_heeded[i]; i++)
		if (strcasecmp(options_not_heeded[i], name) == 0)
			return true;
	return false;
}

static void for_each_row(struct options *o, void (*visit)(const struct option_row *, struct options *))
{
	for (size_t i = 0; i < option_section_count; i++)
		for (size_t k = 0; k < sections[i]->n; k++)
			visit(&sections[i]->rows[k], o);
}

static void set_default(const struct option_row *row, struct options *o)
{
	cleanup_free char *value = option_fallback(row);

	option_clear(row, o);
	if (option_set(row, o, value) < 0)
		abort(); /* a default that its own row does not allow: the tests would have told */
}

void options_default(struct options *o)
{
	for_each_row(o, set_default);
}

static void clear(const struct option_row *row, struct options *o)
{
	option_clear(row, o);
}

void options_finish(struct options *o)
{
	for_each_row(o, clear);
}

static void where(const struct conf_value *v, char *ret, size_t size)
{
	if (v->file)
		(void) snprintf(ret, size, "%s:%u", v->file, v->line);
	else
		(void) snprintf(ret, size, "command line");
}

/* The first of several values of that name: a list begins anew there. */
static bool is_first(const struct conf *c, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (strcasecmp(c->values[k].name, c->values[i].name) == 0)
			return false;
	return true;
}

static unsigned set_value(struct options *o, const struct conf *c, size_t i, const struct conf_paths *paths)
{
	const struct conf_value *v = &c->values[i];
	const struct option_row *row = find_row(v->name);
	cleanup_free char *text = NULL;
	struct buf allowed = {0};
	char place[512];
	int r;

	where(v, place, sizeof(place));
	if (!row) {
		if (!is_first(c, i) || is_not_heeded(v->name))
			return 0;
		log_warning("%s: '%s' is no option; it is ignored", place, v->name);
		o->unknown++;
		return 0;
	}
	if (row->kind == OPTION_LIST && is_first(c, i))
		option_clear(row, o);
	text = row->flags & OPTION_PATH ? conf_expand(v->value, paths) : xstrdup(v->value);
	r = option_set(row, o, text);
	if (r >= 0)
		return 0;
	option_allowed(row, &allowed);
	log_write(LOG_LEVEL_ERROR, "%s: %s: '%.200s' is not allowed; it takes %s", place, row->name, v->value,
		  buf_text(&allowed));
	buf_finish(&allowed);
	return 1;
}

static void expand(char **text, const struct conf_paths *paths)
{
	char *expanded = *text ? conf_expand(*text, paths) : NULL;

	free(*text);
	*text = expanded;
}

static void expand_default(const struct option_row *row, struct options *o, const struct conf_paths *paths)
{
	void *p = (char *) o + row->offset;

	if (!(row->flags & OPTION_PATH))
		return;
	if (row->kind == OPTION_TEXT)
		expand(p, paths);
	if (row->kind == OPTION_LIST)
		for (size_t i = 0; i < ((struct string_list *) p)->n; i++)
			expand(&((struct string_list *) p)->items[i], paths);
}

unsigned options_set(struct options *o, const struct conf *c, const struct conf_paths *paths)
{
	unsigned errors = 0;

	for (size_t i = 0; i < option_section_count; i++)
		for (size_t k = 0; k < sections[i]->n; k++)
			expand_default(&sections[i]->rows[k], o, paths);
	for (size_t i = 0; i < c->n; i++)
		errors += set_value(o, c, i, paths);
	return errors;
}

static void print_row(const struct option_row *row, const struct options *o, struct buf *out)
{
	size_t n = option_count(row, o);

	buf_printf(out, "# %s%s\n", row->doc, row->flags & OPTION_NOT_YET ? " (Not heeded by this version.)" : "");
	if (n == 0)
		buf_printf(out, "#%s=\n", row->name);
	for (size_t i = 0; i < n; i++) {
		buf_printf(out, "%s=", row->name);
		option_print(row, o, i, out);
		buf_char(out, '\n');
	}
}

void options_print(const struct options *o, struct buf *out)
{
	for (size_t i = 0; i < option_section_count; i++) {
		buf_printf(out, "%s## %s\n\n", i ? "\n" : "", sections[i]->doc);
		for (size_t k = 0; k < sections[i]->n; k++)
			print_row(&sections[i]->rows[k], o, out);
	}
}
