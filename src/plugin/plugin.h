/* Plugins: folders with a manifest.conf, and in them a shared object or files of the web interface.
 * Loaded by `app` before the first source opens, on one thread; then nothing changes until the end. */
#pragma once
#include "detect/detector.h"
#include "serve/route.h"
#include "store/log/logs.h"
#include "track/user_views.h"

#define PLUGINS_MAX 64

struct plugin_rooms {
	struct tracker *tracker;
	struct alerts *alerts;
	struct logs *logs;
	struct user_views *views;
};

/* What /plugins/all_plugins shows. */
struct plugin_record {
	char name[64], description[256], author[128], version[32], object[128], dirname[128], path[4096];
	char jsmodule[256], helper[1];
};
extern struct field_table plugin_table;

struct plugins;
struct plugins *plugins_create(const struct plugin_rooms *rooms);
/* Loads every plugin of the folder; what is refused is logged with its reason. A folder that is not there
 * is no error. */
void plugins_load(struct plugins *p, const char *folder);
/* Stops them; after the last request and the last packet. */
void plugins_stop(struct plugins *p);
/* Unloads them, once none of their functions is in use any more. Their phys stay: field tables are registered for ever.
 */
void plugins_destroy(struct plugins *p);
/* Those that are active; how many. */
uint32_t plugins_records(const struct plugins *p, const struct plugin_record **ret);
/* The routes of all, a table that lives as long as they do. */
const struct route_table *plugins_routes(const struct plugins *p);
/* The folder httpd/ of the active plugin whose folder has that name; false when there is none. Any thread. */
bool plugins_web(const struct plugins *p, const char *name, size_t n, char *ret, size_t size);
/* Hands a packet to those that want packets. Any source's thread. */
void plugins_packet(const struct plugins *p, const struct packet *packet);
