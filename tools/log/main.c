/* norn-log: the command line. */
#include <string.h>

#include "commands.h"

static int help(FILE *f, const struct log_command *c, int status)
{
	struct buf out = {0};

	log_help(&out, c);
	(void) fputs(buf_text(&out), f);
	buf_finish(&out);
	return status;
}

static bool is_help(const char *text)
{
	return strcmp(text, "--help") == 0 || strcmp(text, "-h") == 0;
}

/* Takes the argument at *at, and its value; false, and reported, when it is not understood. */
static bool read_argument(struct log_options *o, const struct log_command *c, int n, char **v, int *at)
{
	const char *name = v[*at][0] == '-' ? v[*at] : "--in";
	const struct log_option *option = log_option_find(name);
	char *value = v[*at];

	if (!option || (option->of && !(option->of & c->takes))) {
		(void) fprintf(stderr, "norn-log: %s has no option '%s'; `norn-log %s --help` shows its options\n",
			       c->name, name, c->name);
		return false;
	}
	if (option->value && value[0] == '-') {
		if (++*at == n) {
			(void) fprintf(stderr, "norn-log: %s needs a value: %s\n", name, option->value);
			return false;
		}
		value = v[*at];
	}
	if (option->read(o, value))
		return true;
	(void) fprintf(stderr, "norn-log: '%s' is not a valid %s for %s\n", value, option->value, name);
	return false;
}

static bool read_arguments(struct log_options *o, const struct log_command *c, int n, char **v)
{
	for (int i = 0; i < n; i++)
		if (!read_argument(o, c, n, v, &i))
			return false;
	if (o->n_inputs == 0)
		(void) fprintf(stderr, "norn-log: no log is named; name one, as in `norn-log %s`\n", c->example);
	else if (o->n_inputs > 1 && !c->several)
		(void) fprintf(stderr, "norn-log: %s takes one log; `norn-log merge` joins several\n", c->name);
	else
		return true;
	return false;
}

int main(int argc, char **argv)
{
	static struct log_options o = {.rate_sec = 1};
	const struct log_command *c = argc > 1 ? log_command_find(argv[1]) : NULL;

	if (argc > 1 && is_help(argv[1]))
		return help(stdout, NULL, 0);
	if (!c) {
		if (argc > 1)
			(void) fprintf(stderr, "norn-log: there is no command '%s'; see below\n\n", argv[1]);
		return help(stderr, NULL, 2);
	}
	for (int i = 2; i < argc; i++)
		if (is_help(argv[i]))
			return help(stdout, c, 0);
	return read_arguments(&o, c, argc - 2, argv + 2) ? c->run(&o) : 2;
}
