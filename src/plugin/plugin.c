/* Loading plugins: what may be loaded, and why something is not. */
#include "plugin/plugin.h"

#include <dirent.h>
#include <dlfcn.h>
#include <norn/plugin.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/period.h"
#include "plugin/private.h"
#include "plugin/manifest.h"

#define MANIFEST_KIB 64
#define MANIFEST_MAX ((size_t) 1024 * MANIFEST_KIB)

#define P struct plugin_record
static const struct field rows[] = {
	FIELD(P, "kismet.plugin.name", name, "Name of the plugin."),
	FIELD(P, "kismet.plugin.description", description, "What it does."),
	FIELD(P, "kismet.plugin.author", author, "Who wrote it."),
	FIELD(P, "kismet.plugin.version", version, "Its version."),
	FIELD(P, "kismet.plugin.shared_object", object, "File of its code, or empty."),
	FIELD(P, "kismet.plugin.http_helper", helper, "Program that answers for it; always empty."),
	FIELD(P, "kismet.plugin.dirname", dirname, "Name of its folder, and of its files under /plugin/."),
	FIELD(P, "kismet.plugin.path", path, "Its folder."),
	FIELD(P, "kismet.plugin.jsmodule", jsmodule, "Name and path of its module, with a comma between."),
};
struct field_table plugin_table = FIELD_TABLE(P, "plugin", rows);

struct plugins *plugins_create(const struct plugin_rooms *rooms)
{
	struct plugins *p = xnew(struct plugins, 1);

	p->rooms = *rooms;
	p->table.routes = p->routes;
	return p;
}

/* Code and manifest must belong to root or to the user that runs the server, and no one else may write them or their
 * folder. NULL, or why not. */
static const char *untrusted(const char *path, bool folder)
{
	struct stat st;

	if (lstat(path, &st) != 0)
		return "it is not there";
	if (folder ? !S_ISDIR(st.st_mode) : !S_ISREG(st.st_mode))
		return folder ? "it is no folder" : "it is no plain file";
	if (st.st_uid != 0 && st.st_uid != geteuid())
		return "it belongs neither to root nor to the server's user";
	return st.st_mode & (S_IWGRP | S_IWOTH) ? "users other than its owner may write it" : NULL;
}

static bool refuse(const char *path, const char *reason)
{
	log_write(LOG_LEVEL_ERROR, "Plugin '%.256s' is refused: %.256s", path, reason);
	return false;
}

static bool read_manifest(struct plugin_record *r, const char *path)
{
	cleanup_free char *text = xalloc(MANIFEST_MAX + 1);
	cleanup_fclose FILE *f = fopen(path, "re");
	const char *wrong;
	size_t n;

	if (!f)
		return refuse(path, "it cannot be read");
	n = fread(text, 1, MANIFEST_MAX + 1, f);
	wrong = n > MANIFEST_MAX ? "it is larger than " TEXT_OF(MANIFEST_KIB) " KiB" : plugin_manifest_read(r, text, n);
	return wrong ? refuse(path, wrong) : true;
}

static bool load_object(struct norn_self *self)
{
	char path[sizeof(self->record.path) + sizeof(self->record.object) + 1];
	const char *reason;

	(void) path_join(path, sizeof(path), self->record.path, self->record.object);
	reason = untrusted(path, false);
	if (reason)
		return refuse(path, reason);
	self->object = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!self->object)
		return refuse(path, dlerror());
	self->plugin = dlsym(self->object, "norn_plugin");
	if (!self->plugin)
		return refuse(path, "it exports no norn_plugin");
	if (self->plugin->api != NORN_PLUGIN_API) {
		(void) snprintf(path + strlen(path), sizeof(path) - strlen(path), " of API %u", self->plugin->api);
		return refuse(path, "this server has another version of the API; build the plugin anew");
	}
	if (self->plugin->start(&plugin_host, self) < 0)
		return refuse(path, "its start() returned an error");
	return true;
}

static void add_plugin(struct plugins *p, const char *folder, const char *name)
{
	struct norn_self *self = xnew(struct norn_self, 1);
	char manifest[sizeof(self->record.path) + 16];
	const char *reason;
	bool fine;

	self->all = p;
	(void) snprintf(self->record.dirname, sizeof(self->record.dirname), "%s", name);
	(void) path_join(self->record.path, sizeof(self->record.path), folder, name);
	(void) snprintf(manifest, sizeof(manifest), "%s/manifest.conf", self->record.path);
	reason = untrusted(self->record.path, true);
	if (!reason && access(manifest, F_OK) != 0)
		reason = "it has no manifest.conf";
	if (!reason)
		reason = untrusted(manifest, false);
	fine = reason ? refuse(self->record.path, reason) : read_manifest(&self->record, manifest);
	if (fine && *self->record.object)
		fine = load_object(self);
	if (!fine) {
		free(self); /* its object stays: what it registered may point into it */
		return;
	}
	p->records[p->n] = self->record;
	p->items[p->n++] = self;
	log_info("Plugin '%s' is loaded", self->record.name);
}

void plugins_load(struct plugins *p, const char *folder)
{
	struct dirent **found;
	int n = scandir(folder, &found, NULL, alphasort);

	for (int i = 0; i < n; i++) {
		if (found[i]->d_name[0] != '.' && p->n < PLUGINS_MAX)
			add_plugin(p, folder, found[i]->d_name);
		free(found[i]);
	}
	if (n >= 0)
		free(found);
}

void plugins_stop(struct plugins *p)
{
	for (uint32_t i = 0; p && i < p->n; i++)
		if (p->items[i]->plugin && p->items[i]->plugin->stop)
			p->items[i]->plugin->stop();
}

void plugins_destroy(struct plugins *p)
{
	if (!p)
		return;
	for (uint32_t i = 0; i < p->n; i++) {
		if (p->items[i]->object)
			(void) dlclose(p->items[i]->object);
		free(p->items[i]);
	}
	for (size_t i = 0; i < p->table.n; i++) {
		free((void *) (uintptr_t) p->routes[i].path);
		free((void *) (uintptr_t) p->routes[i].doc);
	}
	free(p);
}

uint32_t plugins_records(const struct plugins *p, const struct plugin_record **ret)
{
	*ret = p ? p->records : NULL;
	return p ? p->n : 0;
}

const struct route_table *plugins_routes(const struct plugins *p)
{
	return &p->table;
}

bool plugins_web(const struct plugins *p, const char *name, size_t n, char *ret, size_t size)
{
	for (uint32_t i = 0; p && i < p->n; i++) {
		const struct plugin_record *r = &p->records[i];

		if (strlen(r->dirname) == n && memcmp(r->dirname, name, n) == 0)
			return snprintf(ret, size, "%s/httpd", r->path) < (int) size;
	}
	return false;
}

void plugins_packet(const struct plugins *p, const struct packet *packet)
{
	for (uint32_t i = 0; i < p->n_listeners; i++)
		p->listeners[i].fn(p->listeners[i].ctx, packet);
}
