/* Private to the plugin room. */
#pragma once
#include <norn/plugin.h>

#include "plugin/plugin.h"
#include "serve/route.h"

#define PLUGIN_ROUTES_MAX 256
#define PLUGIN_LISTENERS_MAX 64

#define PLUGIN_PHYS_MAX 16

struct plugin_phy;
struct norn_self {
	struct plugins *all;
	struct plugin_record record;
	void *object; /* of dlopen(), or NULL */
	const struct norn_plugin *plugin;
};

struct plugins {
	struct plugin_rooms rooms;
	struct norn_self *items[PLUGINS_MAX];
	struct plugin_record records[PLUGINS_MAX];
	uint32_t n;
	struct route routes[PLUGIN_ROUTES_MAX];
	struct {
		void (*fn)(void *ctx, void *request);
		void *ctx;
	} answers[PLUGIN_ROUTES_MAX];
	struct route_table table;
	struct {
		void (*fn)(void *ctx, const void *packet);
		void *ctx;
	} listeners[PLUGIN_LISTENERS_MAX];
	uint32_t n_listeners;
	struct log_writer writers[LOG_WRITERS_MAX];
	struct plugin_log {
		const struct norn_log *log; /* the plugin's */
		void *ctx;
	} logs[LOG_WRITERS_MAX];
	uint32_t n_logs;
	struct plugin_phy *phys[PLUGIN_PHYS_MAX];
	uint32_t n_phys;
};
extern const struct norn_host plugin_host;
