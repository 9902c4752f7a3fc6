#include "app/arguments.h"

#include <getopt.h>
#include <libgen.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "base/mem.h"

enum action {
	SET_VALUE, /* as if `directive=argument` stood in the file */
	SET_FILE,
	SET_OVERRIDE,
	SET_HOME,
	SET_CONF,
	SET_DATA,
	SILENT,
	CHECK,
	DUMP,
	SET_PASSWORD,
	DAEMONIZE,
	DEBUG,
	IGNORE,
	VERSION,
	HELP,
};

/* clang-format off */
static const struct argument {
	const char *name;
	char letter;
	const char *takes; /* what it takes, as shown in the help; NULL: nothing */
	enum action action;
	const char *directive, *value; /* SET_VALUE */
	const char *doc;               /* NULL: understood, but not shown */
} table[] = {
	{.name = "config-file", .letter = 'f', .takes = "FILE", .action = SET_FILE,
	 .doc = "read options from FILE"},
	{.name = "override", .letter = 'o', .takes = "NAME", .action = SET_OVERRIDE,
	 .doc = "let <confdir>/kismet_NAME.conf, or the file of that path, override them"},
	{.name = "capture-source", .letter = 'c', .takes = "DEFINITION", .action = SET_VALUE, .directive = "source",
	 .doc = "capture from a source; may be repeated"},
	{.name = "no-logging", .letter = 'n', .action = SET_VALUE, .directive = "enable_logging", .value = "false",
	 .doc = "write no logs"},
	{.name = "log-types", .letter = 'T', .takes = "TYPES", .action = SET_VALUE, .directive = "log_types",
	 .doc = "write logs of these types, such as kismet,pcapng"},
	{.name = "log-title", .letter = 't', .takes = "TITLE", .action = SET_VALUE, .directive = "log_title",
	 .doc = "title in the names of logs"},
	{.name = "log-prefix", .letter = 'p', .takes = "FOLDER", .action = SET_VALUE, .directive = "log_prefix",
	 .doc = "write logs to FOLDER"},
	{.name = "homedir", .takes = "DIR", .action = SET_HOME,
	 .doc = "where the user's files are (default: $HOME)"},
	{.name = "confdir", .takes = "DIR", .action = SET_CONF,
	 .doc = "where configuration files are (default: that of -f, or /etc/norn)"},
	{.name = "datadir", .takes = "DIR", .action = SET_DATA,
	 .doc = "where data files are (default: /usr/share/norn)"},
	{.name = "device-timeout", .takes = "SECONDS", .action = SET_VALUE, .directive = "tracker_device_timeout",
	 .doc = "drop devices that were not seen for so long"},
	{.name = "check", .action = CHECK, .doc = "check all options, print what would start, and end"},
	{.name = "dump-config", .action = DUMP, .doc = "print every option with its value, and end"},
	{.name = "set-password", .takes = "[=NAME]", .action = SET_PASSWORD,
	 .doc = "set the login's password (and name), and end"},
	{.name = "daemonize", .action = DAEMONIZE, .doc = "go to the background once it serves"},
	{.name = "no-plugins", .action = SET_VALUE, .directive = "allowplugins", .value = "false",
	 .doc = "load no plugins"},
	{.name = "resume", .takes = "FILE", .action = SET_VALUE, .directive = "resume",
	 .doc = "restore the devices of a kismetdb log; auto: of the newest"},
	{.name = "debug", .action = DEBUG, .doc = "show more: configuration files, capture programs, requests"},
	{.name = "silent", .letter = 's', .action = SILENT, .doc = "write nothing to the terminal"},
	{.name = "version", .letter = 'v', .action = VERSION, .doc = "show the version"},
	{.name = "help", .letter = 'h', .action = HELP, .doc = "show this help"},
	{.name = "disable-plugins", .action = SET_VALUE, .directive = "allowplugins", .value = "false"},
	{.name = "no-ncurses", .action = IGNORE},
	{.name = "no-ncurses-wrapper", .action = IGNORE},
	{.name = "no-console-wrapper", .action = IGNORE},
	{.name = "no-line-wrap", .action = IGNORE},
};
/* clang-format on */

static void print_help(void)
{
	(void) puts("Usage: norn [OPTION]... [SOURCE]...\n"
		    "       norn doctor [OPTION]...\n"
		    "A wireless monitor: tracks every device that it sees and serves them over REST.\n");
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		const struct argument *a = &table[i];
		char left[64], letter[8] = "    ";

		if (!a->doc)
			continue;
		if (a->letter)
			(void) snprintf(letter, sizeof(letter), "-%c, ", a->letter);
		(void) snprintf(left, sizeof(left), "%s--%s%s%s", letter, a->name, a->takes ? " " : "",
				a->takes ? a->takes : "");
		(void) printf("  %-34s %s\n", left, a->doc);
	}
	(void) puts("\nExamples:\n"
		    "  norn capture.pcap                     show what is in a capture\n"
		    "  norn -c capture.pcap:realtime=true    the same, as fast as it was captured\n"
		    "  norn doctor                           what is missing on this machine?\n"
		    "  norn --check -f /etc/norn/kismet.conf  is the configuration right?\n"
		    "  curl http://127.0.0.1:2501/devices/views/all/devices.json\n\n"
		    "The manual is norn(8); the interface, http://127.0.0.1:2501/.");
}

static void replace(char **at, const char *with)
{
	free(*at);
	*at = xstrdup(with);
}

/* 0 to go on, 1 when all is said, negative for what cannot be done. */
static int take(struct arguments *a, const struct argument *what, const char *value)
{
	switch (what->action) {
	case SET_VALUE: conf_add(&a->values, what->directive, what->value ? what->value : value, NULL, 0); return 0;
	case SET_FILE: a->file = value; return 0;
	case SET_OVERRIDE: a->override = value; return 0;
	case SET_HOME: replace(&a->home, value); return 0;
	case SET_CONF:
		a->has_conf = true;
		replace(&a->conf, value);
		return 0;
	case SET_DATA: replace(&a->data, value); return 0;
	case SILENT: a->silent = true; return 0;
	case CHECK: a->check = true; return 0;
	case DUMP: a->dump = true; return 0;
	case SET_PASSWORD: a->set_password = true, a->user = value; return 0;
	case DAEMONIZE: a->daemonize = true; return 0;
	case DEBUG: a->debug = true; return 0;
	case IGNORE: return 0;
	case VERSION: (void) puts("norn " NORN_VERSION); return 1;
	case HELP: print_help(); return 1;
	}
	return -1;
}

/* Beside the program's folder where it was installed with another prefix, such as /usr/local. */
static char *data_folder(const char *bin)
{
	char *path = NULL;

	if (asprintf(&path, "%s/../share/norn", bin) >= 0 && access(path, R_OK) == 0)
		return path;
	free(path);
	return xstrdup("/usr/share/norn");
}

static void set_folders(struct arguments *a)
{
	const char *home = getenv("HOME");
	struct passwd entry, *found = NULL;
	char text[1024], exe[PATH_MAX] = "", *folder;

	if (!home)
		(void) getpwuid_r(getuid(), &entry, text, sizeof(text), &found);
	a->home = xstrdup(home ? home : found ? found->pw_dir : "/");
	a->conf = xstrdup("/etc/norn");
	if (readlink("/proc/self/exe", exe, sizeof(exe) - 1) < 0)
		exe[0] = '\0';
	folder = dirname(exe); /* once: it changes the text */
	a->bin = xstrdup(folder);
	a->data = data_folder(a->bin);
}

/* The other files of a configuration are where its first one is. */
static void set_conf_beside(struct arguments *a)
{
	char *path = xstrdup(a->file), *absolute = realpath(dirname(path), NULL);

	if (absolute)
		replace(&a->conf, absolute);
	free(absolute);
	free(path);
}

/* An option that may take something shows that in brackets. */
static int argument_of(const struct argument *a)
{
	if (!a->takes)
		return no_argument;
	return *a->takes == '[' ? optional_argument : required_argument;
}

int arguments_read(int argc, char **argv, struct arguments *a)
{
	struct option options[ARRAY_SIZE(table) + 1] = {0};
	char letters[2 * ARRAY_SIZE(table) + 1] = "", *l = letters;
	int c, index, r = 0;

	*a = (struct arguments){0};
	set_folders(a);
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		options[i] = (struct option){table[i].name, argument_of(&table[i]), NULL, 1000 + (int) i};
		if (!table[i].letter)
			continue;
		*l++ = table[i].letter;
		if (table[i].takes)
			*l++ = ':';
	}
	while (r == 0 && (c = getopt_long(argc, argv, letters, options, &index)) >= 0) {
		const struct argument *what = c >= 1000 ? &table[c - 1000] : NULL;

		for (size_t i = 0; !what && i < ARRAY_SIZE(table); i++)
			if (table[i].letter && table[i].letter == c)
				what = &table[i];
		if (!what)
			(void) fputs("Try 'norn --help'.\n", stderr);
		r = what ? take(a, what, optarg) : -1;
	}
	if (a->file && !a->has_conf)
		set_conf_beside(a);
	if (r == 0 && optind < argc && strcmp(argv[optind], "doctor") == 0) {
		a->doctor = true;
		optind++;
	}
	for (; r == 0 && optind < argc; optind++)
		conf_add(&a->values, "source", argv[optind], NULL, 0);
	return r;
}

void arguments_finish(struct arguments *a)
{
	free(a->home);
	free(a->conf);
	free(a->data);
	free(a->bin);
	conf_finish(&a->values);
}
