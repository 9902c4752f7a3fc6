/* Writes what the tables say as files: `generate conf` the sample configuration, `generate options`
 * its manual page, `generate alerts` the manual of alerts. `make docs` writes them into
 * the tree; a test holds them against the tables. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "conf/options.h"
#include "generate.h"
#include "log/commands.h"

static void sample(struct buf *out)
{
	buf_printf(out, "# The configuration of norn: every option with its default.\n"
			"# Generated from the tables; norn --dump-config prints what is in force.\n");
	for (size_t i = 0; i < option_section_count; i++) {
		const struct option_table *t = option_section(i);

		buf_printf(out, "\n## %s\n", t->doc);
		for (size_t k = 0; k < t->n; k++) {
			cleanup_free char *value = option_fallback(&t->rows[k]);

			buf_printf(out, "\n# %s%s\n#%s=%s\n", t->rows[k].doc,
				   t->rows[k].flags & OPTION_NOT_YET ? " (Not heeded by this version.)" : "",
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
		"Lines of ``name=value``; ``#`` begins a comment. A value may stand in double quotes. An option that\n"
		"may be repeated is given once for each value; ``name+=value`` adds to what an included file said.\n"
		"``include=FILE`` reads another file, ``opt_include=FILE`` does when it exists, and\n"
		"``opt_override=FILE`` replaces what was said before. ``%h`` is the home folder, ``%E`` that of the\n"
		"configuration, ``%B`` that of programs, ``%S`` that of data. Names are Kismet's, so that its\n"
		"configuration can be carried over; those of norn's own begin with ``norn_``. An unknown name is\n"
		"reported once and ignored; a value that is not allowed is an error.\n";

	buf_printf(out, "%s", intro);
	for (size_t i = 0; i < option_section_count; i++) {
		const struct option_table *t = option_section(i);
		char title[64];

		(void) snprintf(title, sizeof(title), "%s", t->name);
		heading(out, title, '=');
		sentence(out, t->doc);
		buf_printf(out, "\n");
		for (size_t k = 0; k < t->n; k++) {
			cleanup_free char *value = option_fallback(&t->rows[k]);

			buf_printf(out, "\n``%s``\n  ", t->rows[k].name);
			sentence(out, t->rows[k].doc);
			buf_printf(out, " It takes ");
			option_allowed(&t->rows[k], out);
			if (*value)
				buf_printf(out, "; ``%s`` unless told otherwise.\n", value);
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
