/* Finding the route of a path; for serve's own files and tests. Pure. */
#pragma once
#include "serve/serve.h"

struct route_match {
	const struct route *route;
	struct reply_format format;
	unsigned n_params;
	char name[SERVE_PARAMS_MAX][32];
	char value[SERVE_PARAMS_MAX][SERVE_PARAM_SIZE];
	unsigned status; /* 404 or 405 when route is NULL */
};
void route_find(const struct route_table *const *tables, const char *path, uint8_t method,
		struct route_match *ret_match);
