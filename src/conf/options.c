/* The options of all rooms together: set from the configuration, and printed. */
#include "conf/options.h"

#include <string.h>
#include <strings.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/secret.h"
#include "conf/line.h"
#include "conf/ignored.h"

const struct option_row *options_find(const struct options *o, const char *name, void **ret_conf)
{
	for (size_t i = 0; i < o->n; i++) {
		const struct option_row *row = option_find(o->sections[i].table, name);

		*ret_conf = o->sections[i].conf;
		if (row)
			return row;
	}
	return NULL;
}

static bool is_ignored(const char *name)
{
	for (size_t i = 0; options_ignored[i]; i++)
		if (strcasecmp(options_ignored[i], name) == 0)
			return true;
	return false;
}

void options_default(struct options *o)
{
	for (size_t i = 0; i < o->n; i++)
		option_table_default(o->sections[i].table, o->sections[i].conf);
}

void options_finish(struct options *o)
{
	for (size_t i = 0; i < o->n; i++)
		option_table_clear(o->sections[i].table, o->sections[i].conf);
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

/* A value as it is shown in a log line, which keeps no secret and would mask what follows one. */
static const char *shown(const char *name, const char *value)
{
	return secret_is_name(name, strlen(name)) ? "***" : value;
}

/* True when it is an error. */
static bool report_bad_value(struct conf *c, struct conf_value *v, const struct option_row *row, const char *reason)
{
	v->reported = true;
	return conf_fault(c, v->file, v->line, "%s=%.200s: %s%s", row->name,
			  row->flags & OPTION_SECRET ? "***" : shown(row->name, v->value), reason,
			  conf_is_lenient(v->file) ? "; this value is ignored" : "");
}

static void set_row(struct options *o, const struct option_row *row, void *conf, size_t i,
		    const struct conf_paths *paths)
{
	struct conf_value *v = &o->said.values[i];
	cleanup_free char *text = row->flags & OPTION_PATH ? conf_expand(v->value, paths) : xstrdup(v->value);
	struct buf allowed = {0};

	if (option_has_comments(row) && !v->quoted)
		conf_line_bare(text);
	if (*text == '\0')
		return;
	if (row->kind == OPTION_LIST && is_first(&o->said, i) && !v->append)
		option_clear(row, conf);
	if (option_set(row, conf, text) >= 0)
		return;
	buf_str(&allowed, "expected ");
	option_allowed(row, &allowed);
	(void) report_bad_value(&o->said, v, row, buf_text(&allowed));
	buf_finish(&allowed);
}

static void report_unknown(struct options *o, size_t i)
{
	struct conf *c = &o->said;
	struct conf_value *v = &c->values[i];

	for (size_t k = 0; k < i; k++)
		if (strcasecmp(c->values[k].name, v->name) == 0)
			return;
	log_warning(v->file ? "%s:%u: unknown option '%.100s'; it is ignored"
			    : "%s%.0uunknown option '%.100s'; it is ignored",
		    v->file ? v->file : "", v->line, v->name);
	o->unknown += *v->value != '\0'; /* a stray word sets nothing, and is only logged here */
}

/* One line over all of them: users of Kismet's files should know, but have done nothing wrong. */
static void report_ignored(const struct conf *c)
{
	struct buf names = {0};

	for (size_t n = 0; options_ignored[n]; n++)
		for (size_t i = 0; i < c->n; i++)
			if (strcasecmp(options_ignored[n], c->values[i].name) == 0) {
				buf_printf(&names, "%s%s", names.len ? ", " : "", options_ignored[n]);
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

static void expand_default(const struct option_row *row, void *conf, const struct conf_paths *paths)
{
	void *p = (char *) conf + row->offset;

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
	for (size_t i = 0; i < o->n; i++)
		for (size_t k = 0; k < o->sections[i].table->n; k++)
			expand_default(&o->sections[i].table->rows[k], o->sections[i].conf, paths);
	for (size_t i = 0; i < o->said.n; i++) {
		void *conf;
		const struct option_row *row = options_find(o, o->said.values[i].name, &conf);

		if (row)
			set_row(o, row, conf, i, paths);
		else if (!is_ignored(o->said.values[i].name))
			report_unknown(o, i);
	}
	report_ignored(&o->said);
	return o->said.errors;
}

unsigned options_fault(struct options *o, const char *name, const char *value, const char *reason)
{
	struct conf_value *found = NULL;
	void *conf;

	for (size_t i = 0; i < o->said.n && !found; i++)
		if (strcasecmp(o->said.values[i].name, name) == 0 && strstr(o->said.values[i].value, value))
			found = &o->said.values[i];
	if (!found)
		return conf_fault(&o->said, NULL, 0, "%s=%.200s: %s", name, shown(name, value), reason);
	return !found->reported && report_bad_value(&o->said, found, options_find(o, name, &conf), reason);
}

unsigned options_report_fault(void *ctx, const char *name, const char *value, const char *reason)
{
	return options_fault(ctx, name, value, reason);
}

bool options_lenient(const struct options *o, const char *name)
{
	for (size_t i = 0; i < o->said.n; i++)
		if (strcasecmp(o->said.values[i].name, name) == 0 && conf_is_lenient(o->said.values[i].file))
			return true;
	return false;
}

static bool is_secret(const struct option_row *row, const void *conf)
{
	const void *p = (const char *) conf + row->offset;

	if (!(row->flags & OPTION_SECRET))
		return false;
	return row->kind == OPTION_LIST ? ((const struct string_list *) p)->n > 0 : *(char *const *) p != NULL;
}

static void print_row(const struct option_row *row, const void *conf, bool secrets, struct buf *out)
{
	size_t n = option_count(row, conf);

	buf_printf(out, "# %s%s\n", row->doc, row->flags & OPTION_NOT_YET ? " (Without effect in this version.)" : "");
	if (n == 0)
		buf_printf(out, "#%s=\n", row->name);
	for (size_t i = 0; i < n; i++) {
		if (!secrets && is_secret(row, conf)) {
			buf_printf(out, "#%s= (set, but secret)\n", row->name);
			continue;
		}
		buf_printf(out, "%s=", row->name);
		option_write(row, conf, i, out);
		buf_char(out, '\n');
	}
}

void options_print(const struct options *o, bool secrets, struct buf *out)
{
	for (size_t i = 0; i < o->n; i++) {
		const struct option_section *s = &o->sections[i];

		if (!option_table_continues(s->table, i ? s[-1].table : NULL))
			buf_printf(out, "%s## %s\n\n", i ? "\n" : "", s->table->doc);
		for (size_t k = 0; k < s->table->n; k++)
			print_row(&s->table->rows[k], s->conf, secrets, out);
	}
}

bool options_have_secrets(const struct options *o)
{
	for (size_t i = 0; i < o->n; i++)
		for (size_t k = 0; k < o->sections[i].table->n; k++)
			if (is_secret(&o->sections[i].table->rows[k], o->sections[i].conf))
				return true;
	return false;
}
