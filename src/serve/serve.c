#include "serve/serve.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "serve/route.h"

#define THREADS 4
#define CONNECTIONS_MAX 1024
#define IDLE_TIMEOUT_SEC 30
#define STREAM_BLOCK ((size_t) 64 * 1024)

struct serve {
	struct serve_conf conf;
	struct MHD_Daemon *daemon;
	bool loopback;
};

struct reply {
	struct buf out;
	unsigned status;
	const char *mime;
	ssize_t (*read)(void *ctx, char *p, size_t max);
	void *ctx;
	void (*destroy)(void *ctx);
};

struct request {
	struct serve *serve;
	struct MHD_Connection *connection;
	struct route_match match;
	struct buf body;
	struct reply reply;
	bool too_large;
};

const char *request_param(const struct request *rq, const char *name)
{
	for (unsigned i = 0; i < rq->match.n_params; i++)
		if (strcmp(rq->match.name[i], name) == 0)
			return rq->match.value[i];
	return NULL;
}

struct reply_format request_format(const struct request *rq)
{
	return rq->match.format;
}

const char *request_body(const struct request *rq, size_t *ret_n)
{
	*ret_n = rq->body.len;
	return rq->body.p;
}

void *request_context(const struct request *rq)
{
	return rq->serve->conf.ctx;
}

struct buf *reply_buf(struct reply *rp)
{
	return &rp->out;
}

void reply_type(struct reply *rp, const char *mime)
{
	rp->mime = mime;
}

void reply_error(struct reply *rp, unsigned status, const char *sentence)
{
	rp->status = status;
	rp->mime = "text/plain; charset=utf-8";
	buf_clear(&rp->out);
	buf_str(&rp->out, sentence);
	buf_char(&rp->out, '\n');
}

void reply_stream(struct reply *rp, ssize_t (*read)(void *ctx, char *p, size_t max), void *ctx,
		  void (*destroy)(void *ctx))
{
	rp->read = read;
	rp->ctx = ctx;
	rp->destroy = destroy;
}

static const char *header(struct request *rq, const char *name)
{
	return MHD_lookup_connection_value(rq->connection, MHD_HEADER_KIND, name);
}

/* Takes as long for a wrong text as for a right one of its length. */
static bool same_text(const char *a, const char *b)
{
	size_t n = strlen(b);
	unsigned char diff = strlen(a) != n;

	for (size_t i = 0; a[i] && n; i++)
		diff |= (unsigned char) (a[i] ^ b[i % n]);
	return diff == 0;
}

static bool logged_in(struct request *rq)
{
	const struct serve_conf *c = &rq->serve->conf;
	char *password = NULL;
	char *user = MHD_basic_auth_get_username_password(rq->connection, &password);
	bool right = user && password && c->username && c->password && *c->password;

	right = right && same_text(user, c->username) && same_text(password, c->password);
	MHD_free(user);
	MHD_free(password);
	return right;
}

/* The Host header names this machine, so no page of a foreign name asks through a browser. */
static bool host_is_loopback(const char *host)
{
	return host && (strncmp(host, "127.", 4) == 0 || strncmp(host, "[::1]", 5) == 0 ||
			strcmp(host, "localhost") == 0 || strncmp(host, "localhost:", 10) == 0);
}

static bool may_read_unknown(struct request *rq)
{
	return rq->serve->loopback && host_is_loopback(header(rq, "Host")) &&
	       !header(rq, "Forwarded") && !header(rq, "X-Forwarded-For") &&
	       !header(rq, "X-Forwarded-Host") && !header(rq, "X-Forwarded-Proto");
}

static bool origin_is_ours(struct request *rq)
{
	const char *origin = header(rq, "Origin"), *host = header(rq, "Host");
	const char *name = origin ? strstr(origin, "://") : NULL;

	return !origin || (name && host && strcmp(name + 3, host) == 0);
}

/* 0, or the status that refuses. */
static unsigned refuse(struct request *rq)
{
	switch (rq->match.route->right) {
	case RIGHT_OPEN: return 0;
	case RIGHT_READ: return may_read_unknown(rq) || logged_in(rq) ? 0 : 401;
	case RIGHT_ADMIN:
		if (!logged_in(rq))
			return 401;
		return origin_is_ours(rq) ? 0 : 403;
	}
	return 403;
}

static void handle(struct request *rq)
{
	unsigned refused = rq->match.route ? refuse(rq) : rq->match.status;

	if (rq->too_large)
		reply_error(&rq->reply, 413, "The request's body is larger than 1 MiB.");
	else if (refused == 404)
		reply_error(&rq->reply, 404, "There is no such endpoint.");
	else if (refused == 405)
		reply_error(&rq->reply, 405, "This endpoint does not take that method.");
	else if (refused == 401)
		reply_error(&rq->reply, 401, "This needs a login.");
	else if (refused == 403)
		reply_error(&rq->reply, 403, "Commands are taken from this server's own pages only.");
	else
		rq->match.route->handle(rq, &rq->reply);
}

static ssize_t stream_read(void *ctx, uint64_t at, char *p, size_t max)
{
	struct reply *rp = ctx;
	ssize_t n = rp->read(rp->ctx, p, max);

	(void) at;
	return n < 0 ? MHD_CONTENT_READER_END_OF_STREAM : n;
}

static void stream_free(void *ctx)
{
	struct reply *rp = ctx;

	rp->destroy(rp->ctx);
	free(rp);
}

static enum MHD_Result answer(struct request *rq)
{
	struct reply *rp = &rq->reply;
	struct MHD_Response *response;
	enum MHD_Result r;

	if (rp->read && rp->status == 200) {
		struct reply *own = xnew(struct reply, 1);

		*own = *rp;
		response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK, stream_read,
							     own, stream_free);
	} else {
		response = MHD_create_response_from_buffer(rp->out.len, rp->out.p,
							   MHD_RESPMEM_MUST_COPY);
	}
	if (!response)
		return MHD_NO;
	(void) MHD_add_response_header(response, "Content-Type", rp->mime);
	(void) MHD_add_response_header(response, "Server", "norn");
	(void) MHD_add_response_header(response, "Cache-Control", "no-cache");
	(void) MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
	if (rp->status == 401 && !header(rq, "X-Requested-With"))
		(void) MHD_add_response_header(response, "WWW-Authenticate", "Basic realm=\"Kismet\"");
	r = MHD_queue_response(rq->connection, rp->status, response);
	MHD_destroy_response(response);
	return r;
}

static uint8_t method_of(const char *method)
{
	if (strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0)
		return METHOD_GET;
	return strcmp(method, "POST") == 0 ? METHOD_POST : 0;
}

static struct request *begin(struct serve *s, struct MHD_Connection *c, const char *url,
			     const char *method)
{
	struct request *rq = xnew(struct request, 1);

	rq->serve = s;
	rq->connection = c;
	rq->reply.status = 200;
	rq->reply.mime = "application/json";
	route_find(s->conf.tables, url, method_of(method), &rq->match);
	return rq;
}

static enum MHD_Result on_request(void *ctx, struct MHD_Connection *c, const char *url,
				  const char *method, const char *version, const char *data,
				  size_t *n, void **state)
{
	struct request *rq = *state;

	(void) version;
	if (!rq) {
		*state = begin(ctx, c, url, method);
		return MHD_YES;
	}
	if (*n) {
		if (rq->body.len + *n > SERVE_BODY_MAX)
			rq->too_large = true;
		else
			buf_add(&rq->body, data, *n);
		*n = 0;
		return MHD_YES;
	}
	handle(rq);
	return answer(rq);
}

static void on_done(void *ctx, struct MHD_Connection *c, void **state,
		    enum MHD_RequestTerminationCode code)
{
	struct request *rq = *state;

	(void) ctx;
	(void) c;
	(void) code;
	if (!rq)
		return;
	buf_finish(&rq->body);
	buf_finish(&rq->reply.out);
	free(rq);
	*state = NULL;
}

int serve_start(const struct serve_conf *conf, struct serve **ret_serve)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(conf->port)};
	const char *bind = conf->bind_address ? conf->bind_address : "127.0.0.1";
	struct serve *s;

	if (inet_pton(AF_INET, bind, &address.sin_addr) != 1)
		return log_error(ERR_MALFORMED, "httpd_bind_address: '%s' is not an IPv4 address", bind);
	s = xnew(struct serve, 1);
	s->conf = *conf;
	s->loopback = (ntohl(address.sin_addr.s_addr) >> 24) == 127;
	s->daemon = MHD_start_daemon(
		MHD_USE_EPOLL_INTERNAL_THREAD, conf->port, NULL, NULL, on_request, s,
		MHD_OPTION_SOCK_ADDR, (struct sockaddr *) &address, MHD_OPTION_THREAD_POOL_SIZE,
		(unsigned) THREADS, MHD_OPTION_CONNECTION_LIMIT, (unsigned) CONNECTIONS_MAX,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned) IDLE_TIMEOUT_SEC,
		MHD_OPTION_NOTIFY_COMPLETED, on_done, NULL, MHD_OPTION_END);
	if (!s->daemon) {
		free(s);
		return log_error(ERR_DENIED, "Cannot listen on %s:%u: is another server there?", bind,
				 conf->port);
	}
	*ret_serve = s;
	return 0;
}

uint16_t serve_port(const struct serve *s)
{
	const union MHD_DaemonInfo *i = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_BIND_PORT);

	return i ? i->port : 0;
}

void serve_stop(struct serve *s)
{
	if (!s)
		return;
	MHD_stop_daemon(s->daemon);
	free(s);
}
