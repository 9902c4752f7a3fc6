/* Finding the route of a path; for serve's own files and tests. Pure. */
#pragma once
#include "serve/serve.h"

struct route_match {
	const struct route *route;
	size_t number; /* of the route, as route_at() has it */
	struct reply_format format;
	unsigned n_params;
	char name[SERVE_PARAMS_MAX][32];
	char value[SERVE_PARAMS_MAX][SERVE_PARAM_SIZE];
	char subpath[SERVE_PATH_MAX];
	char extension[16]; /* "" for a bare path */
	unsigned status;    /* 404 or 405 when route is NULL */
	uint8_t allowed;    /* methods of the path, for 405 */
};
void route_find(const struct route_table *const *tables, const char *path, uint8_t method,
		struct route_match *ret_match);
