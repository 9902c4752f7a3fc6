/* Routes: one row an endpoint. Handlers run on the pool's threads and must not wait, except those of ROUTE_WORK, which
 * run on threads made for it. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "field/write.h"

#define SERVE_PARAMS_MAX 4
#define SERVE_PARAM_SIZE 256
#define SERVE_PATH_MAX 1024

enum method { METHOD_GET = 1, METHOD_POST = 2, METHOD_BOTH = 3 };
/* Routes that need more than RIGHT_LOGIN, that change something or that belong to a plugin pass the guard,
 * serve/guard.h. */
enum right {
	RIGHT_OPEN,   /* anybody */
	RIGHT_READ,   /* on loopback any caller, elsewhere a login of any role */
	RIGHT_LOGIN,  /* a login of any role */
	RIGHT_WEBGPS, /* that role or admin */
	RIGHT_REPORT, /* role scanreport, or admin */
	RIGHT_SOURCE, /* role datasource, or admin */
	RIGHT_ADSB,   /* that role, readonly or admin */
	RIGHT_ADMIN,  /* role admin */
};
enum route_flag {
	ROUTE_WORK = 1,    /* may wait: runs on the work threads */
	ROUTE_COMMAND = 2, /* changes something: leaves an audit message */
	ROUTE_SUBPATH = 4, /* path steps may follow behind the extension */
	ROUTE_NO_PRETTY = 8,
	ROUTE_WEBSOCKET = 16, /* answers with reply_websocket() */
	ROUTE_GUARDED = 32,   /* may change something without being a command: no foreign page may ask for it */
	ROUTE_LOGIN = 64,     /* asked in order to log in: its session is listed at once */
	ROUTE_SECRETS = 128,  /* of RIGHT_READ: shows more to a caller who is logged in */
};
/* What a reply is, for schema and manual. */
enum reply_shape {
	SHAPE_LIST,    /* of `record` */
	SHAPE_RECORD,  /* one `record` */
	SHAPE_OBJECT,  /* `record`s by key */
	SHAPE_PAGE,    /* a list, or an object with `data` in paged modes */
	SHAPE_WRAPPED, /* an object of a list of `record` and a time */
	SHAPE_TEXT,
	SHAPE_HTML,
	SHAPE_PCAPNG,
	SHAPE_PCAP,
	SHAPE_WEBSOCKET, /* messages of JSON text */
};

struct argument; /* serve/argument.h */
struct reply;
struct request;

/* An error status, and when it is returned. */
struct refusal {
	uint16_t status;
	const char *when; /* "no device has that key" */
};
#define ROUTE_REFUSALS 4
/* Errors of any route, up to one of status 0. */
extern const struct refusal route_refusals[];

/* One endpoint: rights, methods and formats are columns, never calls inside the handler. */
struct route {
	uint8_t methods;     /* enum method bits; HEAD follows GET */
	const char *path;    /* "/devices/by-key/{key}/device"; `{}` takes one step */
	const char *formats; /* "*": every serializer; "*,csv": and that; "ekjson,itjson": these; NULL: a bare path */
	enum right right;
	void (*handle)(struct request *rq, struct reply *rp);
	struct field_table *record; /* of the reply, for schema and manual; serve_start() prepares it; may be NULL */
	const char *doc;            /* one sentence */
	uint8_t shape;              /* enum reply_shape */
	uint8_t flags;              /* enum route_flag */
	/* Errors of handle(), besides those of any route (route_refusals); up to one of status 0. */
	struct refusal refusals[ROUTE_REFUSALS];
	/* Of its command, checked before handle(): up to a row without name; NULL: `fields` of a record at most. */
	const struct argument *arguments;
	const char *long_with; /* the argument with which handle() may wait; NULL: none */
};
struct route_table {
	const struct route *routes;
	size_t n;
	struct field_table *const *records; /* further ones, which events carry; NULL terminated, or NULL */
};

/* Every route by its number, from 0, in the order in which paths are looked up; NULL behind the last. Pure. */
const struct route *route_at(const struct route_table *const *tables, size_t number);

/* How a reply is to be written, by the path's extension. */
struct reply_format {
	enum field_format fields;
	bool lines; /* a list is one item a line */
	bool csv;   /* and each has the values of the fields, separated by commas; of routes that name it */
};

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
/* Finds the route of a path. Pure. */
void route_find(const struct route_table *const *tables, const char *path, uint8_t method,
		struct route_match *ret_match);
