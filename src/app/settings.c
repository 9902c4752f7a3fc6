/* Settings: configuration files, the command line, --check and --dump-config. */
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "app/state.h"
#include "base/buf.h"
#include "base/log.h"
#include "base/mem.h"

static struct conf_paths paths_of(const struct arguments *a)
{
	return (struct conf_paths){.conf = a->conf, .home = a->home, .bin = a->bin, .data = a->data};
}

/* The file of -f, or the standard ones when they exist. */
static int read_files(struct app *a, const struct conf_paths *paths, struct conf *c)
{
	static const char *const names[] = {"norn.conf", "kismet.conf"};
	char path[4096];

	if (a->arguments.file)
		return conf_read(a->arguments.file, paths, c);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		(void) snprintf(path, sizeof(path), "%s/%s", a->arguments.conf, names[i]);
		if (access(path, R_OK) == 0)
			return conf_read(path, paths, c);
	}
	return 0;
}

/* Makers' rules, unless the configuration has its own. */
static int read_uav_rules(struct app *a, const struct conf_paths *paths, struct conf *c)
{
	char path[4096];

	for (size_t i = 0; i < c->n; i++)
		if (strcasecmp(c->values[i].name, "uav_match") == 0)
			return 0;
	(void) snprintf(path, sizeof(path), "%s/norn_uav.conf", a->arguments.conf);
	if (access(path, R_OK) < 0) /* not installed: what was built beside this program */
		(void) snprintf(path, sizeof(path), "%s/norn_uav.conf", a->arguments.bin);
	return access(path, R_OK) == 0 ? conf_override(path, paths, c) : 0;
}

static int read_override(struct app *a, const struct conf_paths *paths, struct conf *c)
{
	char path[4096];

	if (!a->arguments.override)
		return 0;
	(void) snprintf(path, sizeof(path), "%s/kismet_%s.conf", a->arguments.conf, a->arguments.override);
	return conf_override(path, paths, c);
}

/* Sources on the command line stand in place of those of the file. */
static void add_arguments(struct app *a, struct conf *c)
{
	const struct conf *from = &a->arguments.values;
	bool sources = false;

	for (size_t i = 0; i < from->n; i++)
		sources |= strcmp(from->values[i].name, "source") == 0;
	for (size_t i = 0; sources && i < c->n; i++)
		if (strcasecmp(c->values[i].name, "source") == 0)
			c->values[i].name[0] = '#'; /* of no option */
	for (size_t i = 0; i < from->n; i++)
		conf_add(c, from->values[i].name, from->values[i].value, NULL, 0);
}

static unsigned check_wifi_options(const struct options *o)
{
	unsigned errors = 0;

	for (size_t i = 0; i < o->dot11_datasource_opt.n; i++) {
		if (capture_wifi_option_ok(o->dot11_datasource_opt.items[i]))
			continue;
		log_write(LOG_LEVEL_ERROR, "dot11_datasource_opt=%.200s: expected OPTION,VALUE",
			  o->dot11_datasource_opt.items[i]);
		errors++;
	}
	return errors;
}

unsigned settings_read(struct app *a)
{
	struct conf_paths paths = paths_of(&a->arguments);
	struct conf c = {0};
	struct conf kept = {0};
	unsigned errors = 0;

	options_default(&a->options);
	errors += read_files(a, &paths, &c) < 0;
	errors += read_override(a, &paths, &c) < 0;
	errors += read_uav_rules(a, &paths, &c) < 0;
	add_arguments(a, &c);
	for (size_t i = 0; i < c.n; i++)
		if (c.values[i].name[0] != '#')
			conf_add(&kept, c.values[i].name, c.values[i].value, c.values[i].file, c.values[i].line);
	errors += options_set(&a->options, &kept, &paths);
	errors += check_wifi_options(&a->options);
	for (enum limit l = 0; l < LIMIT_COUNT; l++)
		limit_set(l, a->options.limit[l]);
	conf_finish(&c);
	conf_finish(&kept);
	return errors;
}

void settings_dump(const struct app *a)
{
	struct buf b = {0};

	options_print(&a->options, &b);
	(void) fputs(buf_text(&b), stdout);
	buf_finish(&b);
}

static int check_sources(const struct app *a)
{
	struct capture_defaults defaults = app_capture_defaults(a);
	int wrong = 0;

	for (size_t i = 0; i < a->options.source.n; i++) {
		char reason[SOURCE_TEXT_SIZE] = "";

		if (capture_check(&defaults, a->options.source.items[i], reason) < 0) {
			wrong++;
			(void) printf("source=%s: %s\n", a->options.source.items[i], reason);
		} else {
			(void) printf("source=%s: would start%s%s\n", a->options.source.items[i], *reason ? "; " : "",
				      reason);
		}
	}
	return wrong;
}

int settings_check(struct app *a, unsigned errors)
{
	int wrong = (int) errors + check_sources(a);

	for (size_t i = 0; i < a->options.httpd_bind_address.n; i++)
		(void) printf("would listen on %s port %u\n", a->options.httpd_bind_address.items[i],
			      a->options.httpd_port);
	if (or_empty(a->options.resume)[0] && strcmp(a->options.resume, "auto") != 0 &&
	    access(a->options.resume, R_OK) != 0) {
		wrong++;
		(void) printf("resume=%s: cannot be read\n", a->options.resume);
	}
	if (!a->options.httpd_password && access(a->options.httpd_auth_file, R_OK) != 0)
		(void) puts("no login is set: commands are refused until one is "
			    "(httpd_username and httpd_password, or /session/set_password)");
	(void) printf("%d error%s\n", wrong, wrong == 1 ? "" : "s");
	return wrong ? 1 : 0;
}
