#include "serve/send.h"

#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include "base/log.h"
#include "serve/origin.h"
#include "serve/peer.h"
#include "serve/private.h"
#include "serve/reply.h"
#include "serve/reply_stream.h"
#include "serve/request.h"
#include "serve/request_timer.h"
#include "serve/route.h"
#include "serve/websocket_upgrade.h"

#define GZIP_LEAST 1024

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

void reply_zip(struct request *rq)
{
	struct reply *rp = &rq->reply;

	rp->zipped = !rp->source && rp->out.len >= GZIP_LEAST && wants_gzip(rq) && compress_whole(&rp->out);
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
	if (conf->allowed_origin) /* no foreign page reads what a login may */
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
	if (rq->last || (rq->request_timers && rq->request_timers->refused) ||
	    peer_has_closed(rq->client.fd)) /* no more requests come */
		(void) MHD_add_response_header(response, "Connection", "close");
	if (rp->status == 429)
		(void) MHD_add_response_header(response, "Retry-After", "5");
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
				origin_is_tls(rq) ? "; Secure" : "");
		(void) MHD_add_response_header(response, "Set-Cookie", text);
	}
}

enum MHD_Result reply_send(struct request *rq)
{
	struct reply *rp = &rq->reply;
	bool stream = rp->source && rp->status == 200, gzip = rp->zipped;
	struct MHD_Response *response;
	enum MHD_Result r;

	if (rp->websocket && rp->status == 200) {
		rp->status = 101;
		gzip = false;
		response = websocket_respond(rq);
	} else if (stream) {
		gzip = wants_gzip(rq) && !rp->source->ready; /* what is queued is sent as it comes */
		response = reply_respond_stream(rq, gzip);
	} else {
		response = MHD_create_response_from_buffer(rp->out.len, rp->out.p, MHD_RESPMEM_MUST_COPY);
	}
	if (!response)
		return MHD_NO;
	if (rp->status >= 400)
		(void) atomic_fetch_add(&rq->serve->errors, 1);
	else if (rq->match.route)
		(void) atomic_fetch_add(&rq->serve->answered[2 * rq->match.number + rq->post], 1);
	add_headers(rq, response, gzip);
	log_debug("%s %s from %s: status %u",
		  rq->post     ? "POST"
		  : rq->is_get ? "GET"
			       : "Other method:",
		  rq->path, rq->address, rp->status);
	r = MHD_queue_response(rq->connection, rp->status, response);
	MHD_destroy_response(response);
	return r;
}
