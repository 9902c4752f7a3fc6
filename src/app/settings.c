#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/settings.h"
#include "app/state.h"
#include "app/values.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/quick.h"
#include "capture/new_source.h"
#include "locate/locator.h"
#include "serve/proxy.h"
#include "base/path.h"

static struct conf_paths paths_of(const struct arguments *a)
{
	return (struct conf_paths){.conf = a->conf, .home = a->home, .bin = a->bin, .data = a->data};
}

/* The file of -f, or the standard ones when they exist. */
static void read_files(struct app *a, const struct conf_paths *paths, struct conf *c)
{
	static const char *const names[] = {"norn.conf", "kismet.conf"};
	char path[4096];

	if (a->arguments.file) {
		conf_read(a->arguments.file, paths, c);
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		(void) path_join(path, sizeof(path), a->arguments.conf, names[i]);
		if (access(path, F_OK) == 0) {
			conf_read(path, paths, c);
			return;
		}
	}
}

/* Makers' rules, unless the configuration has its own. */
static void read_uav_rules(struct app *a, const struct conf_paths *paths, struct conf *c)
{
	/* Where --confdir= or -f lead elsewhere, those that are installed; at last what was built beside this program.
	 */
	const char *folders[] = {a->arguments.conf, "/etc/norn", a->arguments.bin};
	char path[4096];

	for (size_t i = 0; i < c->n; i++)
		if (strcasecmp(c->values[i].name, "uav_match") == 0)
			return;
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		(void) snprintf(path, sizeof(path), "%s/norn_uav.conf", folders[i]);
		if (access(path, R_OK) == 0) {
			conf_override(path, paths, c);
			return;
		}
	}
}

/* -o NAME: a file of the configuration's folder, or a path. */
static void read_override(struct app *a, const struct conf_paths *paths, struct conf *c)
{
	const char *name = a->arguments.override;
	char path[4096];

	if (!name)
		return;
	if (strchr(name, '/'))
		(void) snprintf(path, sizeof(path), "%s", name);
	else
		(void) snprintf(path, sizeof(path), "%s/kismet_%s.conf", a->arguments.conf, name);
	conf_override(path, paths, c);
}

/* The command line replaces what the files say. */
static void add_arguments(struct app *a, struct conf *c)
{
	const struct conf *from = &a->arguments.values;

	for (size_t i = 0; i < from->n; i++)
		conf_remove(c, from->values[i].name);
	for (size_t i = 0; i < from->n; i++)
		conf_add(c, from->values[i].name, from->values[i].value, NULL, 0);
}

unsigned settings_read(struct app *a)
{
	struct conf_paths paths = paths_of(&a->arguments);
	struct conf c = {0};
	unsigned errors;

	app_conf_default(&a->conf);
	read_files(a, &paths, &c);
	read_override(a, &paths, &c);
	read_uav_rules(a, &paths, &c);
	add_arguments(a, &c);
	errors = options_set(&a->conf.options, &c, &paths) + values_check(&a->conf.options);
	limits_apply(&a->conf.limits);
	for (enum quick_path path = 0; path < QUICK_COUNT; path++)
		quick_set(path, a->conf.track.quick_paths);
	return errors;
}

void settings_dump(const struct app *a)
{
	bool terminal = isatty(STDOUT_FILENO), secrets = options_have_secrets(&a->conf.options);
	struct buf b = {0};
	struct stat st;

	if (secrets && !terminal) {
		buf_str(&b, "# This file has passwords or keys in it: keep it from other users.\n\n");
		if (fstat(STDOUT_FILENO, &st) == 0 && S_ISREG(st.st_mode) && st.st_size == 0)
			(void) fchmod(STDOUT_FILENO, st.st_mode & (S_IRUSR | S_IWUSR));
	}
	options_print(&a->conf.options, !terminal, &b);
	(void) fputs(buf_text(&b), stdout);
	buf_finish(&b);
}

static int check_sources(const struct app *a)
{
	int wrong = 0;

	for (size_t i = 0; i < a->conf.capture.sources.n; i++) {
		char reason[SOURCE_TEXT_SIZE] = "";

		if (capture_check(&a->conf.capture, a->conf.capture.sources.items[i], reason) < 0) {
			wrong++;
			(void) printf("source=%s: %s\n", a->conf.capture.sources.items[i], reason);
		} else {
			(void) printf("source=%s: would start%s%s\n", a->conf.capture.sources.items[i],
				      *reason ? "; " : "", reason);
		}
	}
	return wrong;
}

static int check_receivers(struct app *a)
{
	unsigned wrong = 0;

	for (size_t i = 0; i < a->conf.locate.gps.n; i++) {
		char reason[160];

		if (locator_check(a->conf.locate.gps.items[i], reason) < 0)
			wrong += options_fault(&a->conf.options, "gps", a->conf.locate.gps.items[i], reason);
	}
	return (int) wrong;
}

/* Host names and proxies that the web server would refuse to start with. */
static int check_hosts(const struct app *a)
{
	const struct string_list *hosts = &a->conf.serve.allowed_hosts, *proxies = &a->conf.serve.trusted_proxies;
	struct proxies trusted = {0};
	struct authority host;
	int wrong = 0;

	for (size_t i = 0; i < hosts->n; i++)
		if (!authority_parse(hosts->items[i], &host) && ++wrong)
			(void) printf("httpd_allowed_host=%s: expected a host name\n", hosts->items[i]);
	for (size_t i = 0; i < proxies->n; i++)
		if (!proxies_add(&trusted, proxies->items[i]) && ++wrong)
			(void) printf("httpd_trusted_proxy=%s: expected an address, with or without a mask\n",
				      proxies->items[i]);
	return wrong;
}

int settings_check(struct app *a, unsigned errors)
{
	int wrong = (int) errors + check_sources(a) + check_receivers(a) + check_hosts(a);

	for (size_t i = 0; i < a->conf.serve.bind_addresses.n; i++)
		(void) printf("would listen on %s port %u\n", a->conf.serve.bind_addresses.items[i],
			      a->conf.serve.port);
	if (or_empty(a->conf.logs.resume)[0] && strcmp(a->conf.logs.resume, "auto") != 0 &&
	    access(a->conf.logs.resume, R_OK) != 0) {
		wrong++;
		(void) printf("resume=%s: %s\n", a->conf.logs.resume, strerror(errno));
	}
	if (!a->conf.serve.password && !a->conf.serve.password_hash &&
	    access(or_empty(a->conf.serve.auth_file), R_OK) != 0)
		(void) puts("no login is set: commands are refused until you set one "
			    "(norn --set-password, the web interface, or httpd_username= and httpd_password=)");
	(void) printf("%d error%s\n", wrong, wrong == 1 ? "" : "s");
	return wrong ? 1 : 0;
}
