/* The tables of routes, a line each, in the order in which paths are looked up. */
#pragma once
#include "serve/route.h"

/* One name a line, so that two changes seldom meet. */
/* clang-format off */
#define API_TABLES(X) \
	X(system) \
	X(dynamic) \
	X(device) \
	X(session) \
	X(login_sessions) \
	X(message) \
	X(source) \
	X(alert) \
	X(pcap) \
	X(gps) \
	X(dot11) \
	X(uav) \
	X(plugin) \
	X(logging) \
	X(archive) \
	X(history) \
	X(filter) \
	X(poi) \
	X(echo) \
	X(remote) \
	X(eventbus) \
	X(monitor) \
	X(fingerprint) \
	X(openapi) \
	X(packetchain) \
	X(metrics) \
	X(ssid) \
	X(scan) \
	X(aircraft) \
	X(radiation) \
	X(query) \
	X(query_name)
/* clang-format on */

#define X(name) extern const struct route_table api_##name##_routes;
API_TABLES(X)
#undef X

/* All of them, NULL terminated. */
extern const struct route_table *const api_tables[];
