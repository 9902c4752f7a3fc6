/* Replies: small ones from a buffer, walks and streams while they are sent; gzip for who asks. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/json_out.h"
#include "base/mem.h"
#include "serve/late.h"
#include "serve/request.h"
#include "serve/waker.h"
#include "serve/websockets.h"

#define STREAM_BLOCK ((size_t) 64 * 1024)
#define GZIP_LEAST 1024
#define GZIP_LEVEL 1
#define GZIP_WINDOW (15 + 16) /* the greatest window, with gzip's header */

struct buf *reply_buf(struct reply *rp)
{
	return &rp->out;
}

void reply_type(struct reply *rp, const char *mime)
{
	rp->mime = mime;
}

void reply_status(struct reply *rp, unsigned status)
{
	rp->status = status;
}

void reply_error(struct reply *rp, unsigned status, const char *format, ...)
{
	char text[1024];
	va_list args;

	rp->status = status;
	rp->mime = "text/plain; charset=utf-8";
	va_start(args, format);
	(void) vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	buf_clear(&rp->out);
	buf_str(&rp->out, text);
	buf_char(&rp->out, '\n');
}

void reply_about(struct reply *rp, const char *name)
{
	(void) air_text((const uint8_t *) name, strlen(name), rp->about, sizeof(rp->about));
}

void reply_stream(struct reply *rp, const struct reply_source *source, void *ctx)
{
	rp->source = source;
	rp->ctx = ctx;
}

/* A stream on its way; owned by its response. */
struct stream {
	struct serve *serve;
	struct MHD_Connection *connection;
	const struct reply_source *source;
	void *ctx;
	z_stream gzip;
	char *raw; /* STREAM_BLOCK octets before compression; NULL: plain */
	size_t raw_n;
	bool ended, finished;
};

/* Nothing to send: sleep until there is, or MHD would ask again at once. */
static ssize_t pause_stream(struct stream *s)
{
	MHD_suspend_connection(s->connection);
	waker_wait_ready(s->serve->waker, s->connection, s->source->ready, s->ctx);
	return 0;
}

static ssize_t compress_some(struct stream *s, char *p, size_t max)
{
	s->gzip.next_out = (Bytef *) p;
	s->gzip.avail_out = (uInt) max;
	while (s->gzip.avail_out == max) {
		if (s->gzip.avail_in == 0 && !s->ended) {
			ssize_t n = s->source->read(s->ctx, s->raw, STREAM_BLOCK);

			if (n == 0)
				return 0;
			s->ended = n < 0;
			s->gzip.next_in = (Bytef *) s->raw;
			s->gzip.avail_in = n < 0 ? 0 : (uInt) n;
		}
		if (deflate(&s->gzip, s->ended ? Z_FINISH : Z_NO_FLUSH) == Z_STREAM_END) {
			s->finished = true;
			break;
		}
	}
	return (ssize_t) (max - s->gzip.avail_out);
}

static ssize_t stream_read(void *ctx, uint64_t at, char *p, size_t max)
{
	struct stream *s = ctx;
	ssize_t n;

	(void) at;
	if (atomic_load(&s->serve->stopping) || s->finished)
		return MHD_CONTENT_READER_END_OF_STREAM;
	n = s->raw ? compress_some(s, p, max) : s->source->read(s->ctx, p, max);
	if (n == 0 && s->finished)
		return MHD_CONTENT_READER_END_OF_STREAM;
	if (n == 0)
		return pause_stream(s);
	return n < 0 ? MHD_CONTENT_READER_END_OF_STREAM : n;
}

static void stream_free(void *ctx)
{
	struct stream *s = ctx;

	s->source->destroy(s->ctx);
	if (s->raw)
		(void) deflateEnd(&s->gzip);
	free(s->raw);
	(void) atomic_fetch_sub(&s->serve->streams, 1);
	free(s);
}

static bool wants_gzip(const struct request *rq)
{
	const char *accepted = request_header(rq, "Accept-Encoding");
	const char *p = accepted ? strstr(accepted, "gzip") : NULL;

	if (!p)
		return false;
	p += 4;
	p += strspn(p, " ");
	return strncmp(p, ";q=0", 4) != 0 || (p[4] == '.' && strspn(p + 5, "0") != strcspn(p + 5, ", "));
}

static struct MHD_Response *respond_stream(struct request *rq, bool gzip)
{
	struct stream *s = xnew(struct stream, 1);

	s->serve = rq->serve;
	s->connection = rq->connection;
	s->source = TAKE(rq->reply.source);
	s->ctx = rq->reply.ctx;
	if (gzip && deflateInit2(&s->gzip, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW, 8, Z_DEFAULT_STRATEGY) == Z_OK)
		s->raw = xalloc(STREAM_BLOCK);
	(void) atomic_fetch_add(&s->serve->streams, 1);
	return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK, stream_read, s, stream_free);
}

/* Replaces the text by its compressed form; false when there was no memory for it. */
static bool compress_whole(struct buf *b)
{
	z_stream z = {0};
	struct buf to = {0};
	bool done;

	if (deflateInit2(&z, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		return false;
	z.next_in = (Bytef *) b->p;
	z.avail_in = (uInt) b->len;
	z.avail_out = (uInt) deflateBound(&z, (uLong) b->len);
	z.next_out = (Bytef *) buf_reserve(&to, z.avail_out);
	done = deflate(&z, Z_FINISH) == Z_STREAM_END;
	to.len = z.total_out;
	(void) deflateEnd(&z);
	if (!done) {
		buf_finish(&to);
		return false;
	}
	buf_finish(b);
	*b = to;
	return true;
}

void reply_common_headers(struct request *rq, struct MHD_Response *response)
{
	const struct serve_conf *conf = &rq->serve->conf;
	const char *origin = request_header(rq, "Origin");

	(void) MHD_add_response_header(response, "Server", "norn");
	(void) MHD_add_response_header(response, "Cache-Control", "no-cache");
	(void) MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
	if (!conf->allow_cors)
		return;
	if (conf->allowed_origin)
		origin = conf->allowed_origin;
	(void) MHD_add_response_header(response, "Access-Control-Allow-Origin", origin ? origin : "*");
	if (origin)
		(void) MHD_add_response_header(response, "Access-Control-Allow-Credentials", "true");
	(void) MHD_add_response_header(response, "Vary", "Origin");
	(void) MHD_add_response_header(response, "Access-Control-Max-Age", "86400");
	(void) MHD_add_response_header(response, "Access-Control-Allow-Methods", "POST, GET, OPTIONS");
	(void) MHD_add_response_header(response, "Access-Control-Allow-Headers", "Content-Type, Authorization");
}

static void add_headers(struct request *rq, struct MHD_Response *response, bool gzip)
{
	const struct reply *rp = &rq->reply;
	bool upgrade = rp->status == 101;
	char text[256];

	if (!upgrade)
		(void) MHD_add_response_header(response, "Content-Type", rp->mime);
	reply_common_headers(rq, response);
	if (gzip) {
		(void) MHD_add_response_header(response, "Content-Encoding", "gzip");
		(void) MHD_add_response_header(response, "Vary", "Accept-Encoding");
	}
	if (rp->status == 401 && !request_header(rq, "X-Requested-With"))
		(void) MHD_add_response_header(response, "WWW-Authenticate", "Basic realm=\"Kismet\"");
	if (rq->late && rq->late->refused)
		(void) MHD_add_response_header(response, "Connection", "close");
	if (rp->status == 426)
		(void) MHD_add_response_header(response, "Sec-WebSocket-Version", "13");
	if (rp->status == 405)
		(void) MHD_add_response_header(response, "Allow",
					       rq->match.allowed == METHOD_POST  ? "POST"
					       : rq->match.allowed == METHOD_GET ? "GET, HEAD"
										 : "GET, HEAD, POST");
	if (*rp->disposition)
		(void) MHD_add_response_header(response, "Content-Disposition", rp->disposition);
	if (rq->cookie_ends)
		(void) MHD_add_response_header(response, "Set-Cookie",
					       "KISMET=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
	else if (*rq->token) {
		(void) snprintf(text, sizeof(text), "KISMET=%s; Path=/; HttpOnly; SameSite=Strict%s", rq->token,
				rq->serve->conf.tls_cert ? "; Secure" : "");
		(void) MHD_add_response_header(response, "Set-Cookie", text);
	}
}

enum MHD_Result reply_send(struct request *rq)
{
	struct reply *rp = &rq->reply;
	bool stream = rp->source && rp->status == 200, gzip = wants_gzip(rq);
	struct MHD_Response *response;
	enum MHD_Result r;

	if (rp->websocket && rp->status == 200) {
		rp->status = 101;
		gzip = false;
		response = websocket_respond(rq);
	} else if (stream) {
		gzip = gzip && !rp->source->ready; /* what waits is sent as it comes */
		response = respond_stream(rq, gzip);
	} else {
		gzip = gzip && rp->out.len >= GZIP_LEAST && compress_whole(&rp->out);
		response = MHD_create_response_from_buffer(rp->out.len, rp->out.p, MHD_RESPMEM_MUST_COPY);
	}
	if (!response)
		return MHD_NO;
	if (rp->status >= 400)
		(void) atomic_fetch_add(&rq->serve->errors, 1);
	else if (rq->match.route)
		(void) atomic_fetch_add(&rq->serve->answered[2 * rq->match.number + rq->post], 1);
	add_headers(rq, response, gzip);
	r = MHD_queue_response(rq->connection, rp->status, response);
	MHD_destroy_response(response);
	return r;
}
