/* Writes what the tables say as files: `generate conf` the sample configuration, `generate options`
 * its manual page, `generate alerts` the manual of alerts. `make docs` writes them into
 * the tree; a test holds them against the tables. */
#include <stdio.h>
#include <string.h>

#include "app/conf.h"
#include "base/buf.h"
#include "base/mem.h"
#include "generate.h"
#include "generate_alerts.h"
#include "generate_rest.h"
#include "log/commands.h"

static void sample(struct buf *out)
{
	const struct option_table *t, *before = NULL;
	size_t size;

	buf_printf(out, "# The configuration of norn: every option with its default.\n"
			"# Generated from the tables; norn --dump-config prints the values in effect.\n");
	for (size_t i = 0; (t = app_conf_table(i, &size)); before = t, i++) {
		if (!option_table_continues(t, before))
			buf_printf(out, "\n## %s\n", t->doc);
		for (size_t k = 0; k < t->n; k++) {
			cleanup_free char *value = option_fallback(&t->rows[k]);

			buf_printf(out, "\n# %s%s\n#%s=%s\n", t->rows[k].doc,
				   t->rows[k].flags & OPTION_NOT_YET ? " (Without effect in this version.)" : "",
				   t->rows[k].name, value);
		}
	}
}

static void heading(struct buf *out, const char *text, char line)
{
	buf_printf(out, "\n%s\n", text);
	for (size_t i = 0; i < strlen(text); i++)
		buf_char(out, line);
	buf_printf(out, "\n\n");
}

/* A sentence as reStructuredText: what it marks up with is escaped. */
static void sentence(struct buf *out, const char *text)
{
	for (; *text; text++) {
		if (strchr("\\*`_|", *text))
			buf_char(out, '\\');
		buf_char(out, *text);
	}
}

static void manual(struct buf *out)
{
	static const char intro[] =
		"=========\nnorn.conf\n=========\n\n-------------------------------\nconfiguration file of norn(8)\n"
		"-------------------------------\n\n:Manual section: 5\n\n"
		".. Generated from the tables of options; see tools/generate.c.\n\n"
		"DESCRIPTION\n===========\n\n"
		"Lines of ``name=value``; one that begins with ``#`` is a comment. A comment may also stand behind a "
		"value,\n"
		"after a space, unless the value is a text that could hold it itself: a name, a title, a password, an\n"
		"expression, the definition of a source. A value may stand in double quotes; one that has quotes "
		"itself stands\n"
		"between two of them at either end. An empty value, or a name alone, leaves what there was. An option "
		"that\n"
		"may be repeated is given once for each value; ``name+=value`` adds to what an included file said.\n\n"
		"``include=FILE`` reads another file, ``opt_include=FILE`` does when it exists, and\n"
		"``opt_override=FILE`` replaces what was said before. The first two take a pattern, such as\n"
		"``opt_include=conf.d/*.conf``. A relative path is looked for beside the file that names it, then in "
		"the\n"
		"current folder. In paths ``%h`` is the home folder, ``%E`` that of the configuration, ``%B`` that of\n"
		"programs, ``%S`` that of data.\n\n"
		"Names are Kismet's, so that its configuration can be carried over: ``norn --confdir /etc/kismet`` "
		"starts with\n"
		"it as it is. Names of norn's own begin with ``norn_``. An unknown name is reported once and ignored, "
		"and so\n"
		"are Kismet's options that have no effect here. A value that is not allowed is an error; in a file "
		"whose own\n"
		"name begins with ``kismet`` it is a warning and the alert CONFIGERROR, and the default counts.\n";
	const struct option_table *t, *before = NULL;
	size_t size;

	buf_printf(out, "%s", intro);
	for (size_t i = 0; (t = app_conf_table(i, &size)); before = t, i++) {
		if (!option_table_continues(t, before)) {
			heading(out, t->name, '=');
			sentence(out, t->doc);
			buf_printf(out, "\n");
		}
		for (size_t k = 0; k < t->n; k++) {
			cleanup_free char *value = option_fallback(&t->rows[k]);

			buf_printf(out, "\n``%s``\n  ", t->rows[k].name);
			sentence(out, t->rows[k].doc);
			buf_printf(out, " It takes ");
			option_allowed(&t->rows[k], out);
			if (*value)
				buf_printf(out, "; ``%s`` by default.\n", value);
			else
				buf_printf(out, ".\n");
		}
	}
}

static const struct {
	const char *name;
	void (*write)(struct buf *out);
} kinds[] = {{"conf", sample},          {"options", manual},     {"alerts", generate_alerts},
	     {"rules", generate_rules}, {"rest", generate_rest}, {"norn-log", log_manual}};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc == 2 && i < ARRAY_SIZE(kinds); i++) {
		struct buf b = {0};

		if (strcmp(argv[1], kinds[i].name) != 0)
			continue;
		kinds[i].write(&b);
		(void) fputs(buf_text(&b), stdout);
		buf_finish(&b);
		return 0;
	}
	(void) fprintf(stderr, "usage: generate conf|options|alerts|rules|rest|norn-log\n");
	return 2;
}
