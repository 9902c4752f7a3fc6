#include "conf/options.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/log.h"
#include "base/mem.h"
#include "conf/line.h"
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
	conf_finish(&o->said);
}

/* The first of several values of that name: a list begins anew there. */
static bool is_first(const struct conf *c, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (*c->values[k].value && strcasecmp(c->values[k].name, c->values[i].name) == 0)
			return false;
	return true;
}

/* True when it is an error. */
static bool tell_bad_value(struct conf *c, struct conf_value *v, const struct option_row *row, const char *reason)
{
	v->told = true;
	return conf_fault(c, v->file, v->line, "%s=%.200s: %s", row->name, row->flags & OPTION_SECRET ? "" : v->value,
			  reason);
}

static void set_row(struct options *o, const struct option_row *row, size_t i, const struct conf_paths *paths)
{
	struct conf_value *v = &o->said.values[i];
	cleanup_free char *text = row->flags & OPTION_PATH ? conf_expand(v->value, paths) : xstrdup(v->value);
	struct buf allowed = {0};

	if (option_has_comments(row) && !v->quoted)
		conf_line_bare(text);
	if (*text == '\0')
		return;
	if (row->kind == OPTION_LIST && is_first(&o->said, i) && !v->append)
		option_clear(row, o);
	if (option_set(row, o, text) >= 0)
		return;
	buf_str(&allowed, "that is not allowed; it takes ");
	option_allowed(row, &allowed);
	(void) tell_bad_value(&o->said, v, row, buf_text(&allowed));
	buf_finish(&allowed);
}

static void tell_unknown(struct options *o, size_t i)
{
	struct conf *c = &o->said;
	struct conf_value *v = &c->values[i];

	for (size_t k = 0; k < i; k++)
		if (strcasecmp(c->values[k].name, v->name) == 0)
			return;
	log_warning(v->file ? "%s:%u: '%.100s' is no option; it is ignored"
			    : "%s%.0u'%.100s' is no option; it is ignored",
		    v->file ? v->file : "", v->line, v->name);
	o->unknown += *v->value != '\0'; /* a stray word sets nothing, and is only told here */
}

/* One line over all of them: whoever comes with Kismet's files should know, but has done nothing wrong. */
static void tell_not_heeded(const struct conf *c)
{
	struct buf names = {0};

	for (size_t n = 0; options_not_heeded[n]; n++)
		for (size_t i = 0; i < c->n; i++)
			if (strcasecmp(options_not_heeded[n], c->values[i].name) == 0) {
				buf_printf(&names, "%s%s", names.len ? ", " : "", options_not_heeded[n]);
				break;
			}
	if (names.len)
		log_info("Options of Kismet that have no effect here: %s", buf_text(&names));
	buf_finish(&names);
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

unsigned options_set(struct options *o, struct conf *c, const struct conf_paths *paths)
{
	o->said = *c;
	*c = (struct conf){0};
	for (size_t i = 0; i < option_section_count; i++)
		for (size_t k = 0; k < sections[i]->n; k++)
			expand_default(&sections[i]->rows[k], o, paths);
	for (size_t i = 0; i < o->said.n; i++) {
		const struct option_row *row = find_row(o->said.values[i].name);

		if (row)
			set_row(o, row, i, paths);
		else if (!is_not_heeded(o->said.values[i].name))
			tell_unknown(o, i);
	}
	tell_not_heeded(&o->said);
	return o->said.errors;
}

unsigned options_fault(struct options *o, const char *name, const char *value, const char *reason)
{
	struct conf_value *found = NULL;

	for (size_t i = 0; i < o->said.n && !found; i++)
		if (strcasecmp(o->said.values[i].name, name) == 0 && strstr(o->said.values[i].value, value))
			found = &o->said.values[i];
	if (!found)
		return conf_fault(&o->said, NULL, 0, "%s=%.200s: %s", name, value, reason);
	return !found->told && tell_bad_value(&o->said, found, find_row(name), reason);
}

bool options_lenient(const struct options *o, const char *name)
{
	for (size_t i = 0; i < o->said.n; i++)
		if (strcasecmp(o->said.values[i].name, name) == 0 && conf_is_lenient(o->said.values[i].file))
			return true;
	return false;
}

static bool is_secret(const struct option_row *row, const struct options *o)
{
	const void *p = (const char *) o + row->offset;

	if (!(row->flags & OPTION_SECRET))
		return false;
	return row->kind == OPTION_LIST ? ((const struct string_list *) p)->n > 0 : *(char *const *) p != NULL;
}

static void print_row(const struct option_row *row, const struct options *o, bool secrets, struct buf *out)
{
	size_t n = option_count(row, o);

	buf_printf(out, "# %s%s\n", row->doc, row->flags & OPTION_NOT_YET ? " (Not heeded by this version.)" : "");
	if (n == 0)
		buf_printf(out, "#%s=\n", row->name);
	for (size_t i = 0; i < n; i++) {
		if (!secrets && is_secret(row, o)) {
			buf_printf(out, "#%s= (it is set, and a secret)\n", row->name);
			continue;
		}
		buf_printf(out, "%s=", row->name);
		option_write(row, o, i, out);
		buf_char(out, '\n');
	}
}

void options_print(const struct options *o, bool secrets, struct buf *out)
{
	for (size_t i = 0; i < option_section_count; i++) {
		buf_printf(out, "%s## %s\n\n", i ? "\n" : "", sections[i]->doc);
		for (size_t k = 0; k < sections[i]->n; k++)
			print_row(&sections[i]->rows[k], o, secrets, out);
	}
}

bool options_have_secrets(const struct options *o)
{
	for (size_t i = 0; i < option_section_count; i++)
		for (size_t k = 0; k < sections[i]->n; k++)
			if (is_secret(&sections[i]->rows[k], o))
				return true;
	return false;
}
