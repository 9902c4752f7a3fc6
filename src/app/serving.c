/* HTTP: routes, the folder of the web interface, the login at the start. */
#include "app/serving.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/home.h"
#include "app/logging.h"
#include "base/log.h"
#include "base/mem.h"
#include "plugin/plugin.h"
#include "serve/owner.h"
#include "serve/server.h"

char *serving_web_folder(const struct app *a)
{
	char *path = xalloc(PATH_MAX + 16), *slash;
	ssize_t n;

	if (a->conf.serve.chosen_home && access(a->conf.serve.chosen_home, X_OK) == 0)
		return strcpy(path, a->conf.serve.chosen_home);
	if (a->conf.serve.chosen_home)
		log_warning("httpd_home=%s: %s; norn's own web interface is served instead", a->conf.serve.chosen_home,
			    strerror(errno));
	(void) snprintf(path, PATH_MAX, "%s/web/index.html", a->arguments.data);
	if (access(path, R_OK) == 0) {
		path[strlen(path) - strlen("/index.html")] = '\0';
		return path;
	}
	n = readlink("/proc/self/exe", path, PATH_MAX);
	path[n > 0 ? n : 0] = '\0';
	slash = strrchr(path, '/');
	(void) strcpy(slash ? slash : path, "/web");
	return path;
}

/* The server's own routes come first, so that a plugin cannot replace them. */
static const struct route_table **all_routes(struct app *a)
{
	const struct route_table **all;
	size_t n = 0;

	while (api_tables[n])
		n++;
	all = xnew(const struct route_table *, n + 2);
	memcpy(all, api_tables, n * sizeof(*all));
	if (a->api.plugins)
		all[n] = plugins_routes(a->api.plugins);
	return all;
}

static bool plugin_folder(void *ctx, const char *name, size_t n, char *ret, size_t size)
{
	return plugins_web(((const struct api *) ctx)->plugins, name, n, ret, size);
}

/* Which login there is; while there is none, serve says how the first one is set. */
static void report_login(const struct app *a)
{
	enum login_state state = serve_login_state(a->serve);

	if (state == LOGIN_GLOBAL)
		log_info("The login is the one of httpd_username= in the configuration");
	if (state == LOGIN_FILE)
		log_info("The login is in '%s'; norn --set-password changes it", or_empty(a->conf.serve.auth_file));
}

int serving_start(struct app *a)
{
	cleanup_free char *old = xalloc(strlen(a->arguments.home) + 32);
	struct serve_conf *c = &a->conf.serve;
	const struct string_list *addresses = &c->bind_addresses;
	int r;

	(void) sprintf(old, "%s/.kismet/kismet_httpd.conf", a->arguments.home);
	c->auth_file_old = old;
	c->setup_file = a->setup_file = a->kept ? home_path(a, "first_login_token") : NULL;
	c->home = a->web = serving_web_folder(a);
	c->map_tiles = a->conf.api.map_tiles;
	c->plugin_folder = plugin_folder;
	c->tables = a->routes = all_routes(a);
	c->ctx = &a->api;
	r = serve_start(c, &a->serve);
	c->auth_file_old = NULL;
	if (r >= 0)
		logging_open(
			a); /* a start that fails leaves none behind; clients find them from the first request on */
	for (size_t i = 0; r >= 0 && i < addresses->n; i++)
		log_info(strchr(addresses->items[i], ':') ? "Serving on %s://[%s]:%u/" : "Serving on %s://%s:%u/",
			 c->tls ? "https" : "http", addresses->items[i], serve_port(a->serve));
	if (r >= 0)
		report_login(a);
	return r;
}

void serving_stop(struct app *a)
{
	serve_stop(a->serve);
}
