/* The HTTP mechanism: connections, routes, logins and replies, on libmicrohttpd's thread pool. It
 * knows no endpoint; `api` hands in tables of routes. Handlers run on the pool's threads. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "field/write.h"

#define SERVE_PARAMS_MAX 4
#define SERVE_PARAM_SIZE 128
#define SERVE_BODY_MAX (1024 * 1024)

enum method { METHOD_GET = 1, METHOD_POST = 2 };
enum right {
	RIGHT_OPEN,  /* anybody */
	RIGHT_READ,  /* on loopback anybody, elsewhere a login */
	RIGHT_ADMIN, /* a login, and no foreign origin */
};

struct request;
struct reply;

/* One endpoint: rights, methods and formats are columns, never calls inside the handler. */
struct route {
	uint8_t methods;     /* enum method bits; HEAD follows GET */
	const char *path;    /* "/devices/by-key/{key}/device"; `{}` takes one step */
	const char *formats; /* "*": every serializer; "ekjson,itjson": these; NULL: a bare path */
	enum right right;
	void (*handle)(struct request *rq, struct reply *rp);
	struct field_table *record; /* of the reply, for schema and manual; may be NULL */
	const char *doc;            /* one sentence */
};
struct route_table {
	const struct route *routes;
	size_t n;
};

/* How a reply is to be written, by the path's extension. */
struct reply_format {
	enum field_format fields;
	bool lines; /* a list is one item a line */
};

/* What the request says. Texts live until the handler returns. */
const char *request_param(const struct request *rq, const char *name); /* NULL: none */
struct reply_format request_format(const struct request *rq);
const char *request_body(const struct request *rq, size_t *ret_n);
void *request_context(const struct request *rq); /* serve_conf.ctx */

/* What the reply says. Status 200 and application/json unless told otherwise. */
struct buf *reply_buf(struct reply *rp);
void reply_type(struct reply *rp, const char *mime);
/* Replaces what was written by a sentence. */
void reply_error(struct reply *rp, unsigned status, const char *sentence);
/* A reply that is made while it is sent: read() fills at most max bytes and returns how many, or -1 at
 * the end; destroy() is called once. */
void reply_stream(struct reply *rp, ssize_t (*read)(void *ctx, char *p, size_t max), void *ctx,
		  void (*destroy)(void *ctx));

struct serve_conf {
	const char *bind_address; /* NULL: 127.0.0.1 */
	uint16_t port;            /* 0: any, see serve_port() */
	const char *username, *password; /* NULL: commands are refused */
	const struct route_table *const *tables; /* NULL terminated */
	void *ctx;
};
struct serve;
/* 0, or negative with a logged reason. */
int serve_start(const struct serve_conf *conf, struct serve **ret_serve);
uint16_t serve_port(const struct serve *s);
void serve_stop(struct serve *s);
