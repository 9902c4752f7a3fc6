/* Replies that are made while they are sent. Streams of packets are read by the pool's threads, as that never takes
 * long; walks are made block by block on threads of their own, within the request's budget. */
#include "serve/reply_stream.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/mem.h"
#include "serve/client.h"
#include "serve/peer.h"
#include "serve/private.h"
#include "serve/reply.h"
#include "serve/resumer.h"
#include "serve/send.h"
#include "serve/work.h"

#define SENT_AT_ONCE ((size_t) 64 * 1024)
#define BLOCK ((size_t) 128 * 1024) /* that is made at once */
#define EARNED_NS 250 /* of processor time with each octet: a client that takes more octets may use more time */
#define BUSY_US 50000

struct stream {
	struct work_item item;
	struct serve *serve;
	struct MHD_Connection *connection;
	const struct reply_source *source;
	void *ctx;
	struct client client;
	struct budget budget;
	struct buf plain, packed; /* made and not sent; packed: its gzip form */
	size_t sent;              /* of the one that is sent */
	z_stream gzip;
	bool zips;
	bool ended, torn; /* nothing more comes; the reply is not whole */
	bool finished;    /* and all is in the buffer */
};

/* Reads until `enough` octets are there; true at the source's end. */
static bool read_block(const struct reply_source *source, void *ctx, struct buf *to, size_t enough)
{
	while (to->len < enough) {
		ssize_t n = source->read(ctx, buf_reserve(to, SENT_AT_ONCE), SENT_AT_ONCE);

		if (n <= 0)
			return true;
		to->len += (size_t) n;
	}
	return false;
}

static bool is_over(const struct budget *b)
{
	return b->spent || b->abandoned;
}

/* A reply that is over its budget says so, and does not look whole. */
static void refuse_over(struct request *rq)
{
	if (rq->budget.spent)
		reply_error(&rq->reply, 503,
			    "The request took more than %u s of processor time (norn_request_seconds): ask for less, "
			    "or with a simpler expression.",
			    rq->serve->conf.request_sec);
	else if (rq->budget.abandoned)
		reply_error(&rq->reply, 503, "The server is stopping.");
}

void reply_make(struct request *rq)
{
	struct reply *rp = &rq->reply;
	const struct reply_source *source = rp->source;

	if (source && !source->ready && rp->status == 200 && !is_over(&rq->budget) &&
	    read_block(source, rp->ctx, &rp->out, SENT_AT_ONCE)) {
		source->destroy(rp->ctx);
		rp->source = NULL;
	}
	refuse_over(rq);
}

static void compress_block(struct stream *s)
{
	struct buf *to = &s->packed;

	s->gzip.next_in = (Bytef *) s->plain.p;
	s->gzip.avail_in = (uInt) s->plain.len;
	do {
		s->gzip.next_out = (Bytef *) buf_reserve(to, SENT_AT_ONCE);
		s->gzip.avail_out = SENT_AT_ONCE;
		(void) deflate(&s->gzip, s->ended ? Z_FINISH : Z_NO_FLUSH);
		to->len += SENT_AT_ONCE - s->gzip.avail_out;
	} while (s->gzip.avail_out == 0);
	buf_clear(&s->plain);
}

static struct buf *outgoing(struct stream *s)
{
	return s->zips ? &s->packed : &s->plain;
}

/* The next block, of at least one octet unless the reply ends or is torn. */
static void make_block(struct stream *s)
{
	buf_clear(outgoing(s));
	s->sent = 0;
	while (!outgoing(s)->len && !s->finished && !s->torn) {
		size_t before = s->plain.len;

		if (!s->ended)
			s->ended = read_block(s->source, s->ctx, &s->plain, BLOCK);
		s->budget.left_ns += (s->plain.len - before) * EARNED_NS;
		s->torn = is_over(&s->budget);
		if (s->zips)
			compress_block(s);
		s->finished = s->ended;
	}
}

static void run_block(struct work_item *item)
{
	struct stream *s = (struct stream *) item; /* its first member */

	budget_enter(&s->budget);
	make_block(s);
	budget_leave();
	MHD_resume_connection(s->connection);
}

/* The threads make more, while the connection sleeps. */
static ssize_t want_block(struct stream *s)
{
	MHD_suspend_connection(s->connection);
	s->item.run = run_block;
	if (work_add(s->serve->walks, &s->item, true))
		return 0;
	MHD_resume_connection(s->connection);
	return MHD_CONTENT_READER_END_WITH_ERROR;
}

static ssize_t send_made(void *ctx, uint64_t at, char *p, size_t max)
{
	struct stream *s = ctx;
	size_t n = outgoing(s)->len - s->sent;

	(void) at;
	if (s->torn || atomic_load(&s->serve->stopping))
		return MHD_CONTENT_READER_END_WITH_ERROR;
	if (n == 0)
		return s->finished ? MHD_CONTENT_READER_END_OF_STREAM : want_block(s);
	if (n > max)
		n = max;
	memcpy(p, outgoing(s)->p + s->sent, n);
	s->sent += n;
	return (ssize_t) n;
}

/* Nothing to send: sleep until there is, or the library would ask again at once. */
static ssize_t pause_stream(struct stream *s)
{
	if (peer_has_closed(s->client.fd))
		return MHD_CONTENT_READER_END_WITH_ERROR;
	MHD_suspend_connection(s->connection);
	resumer_wait_ready(s->serve->resumer, s->connection, s->source->ready, s->ctx);
	return 0;
}

static ssize_t send_coming(void *ctx, uint64_t at, char *p, size_t max)
{
	struct stream *s = ctx;
	ssize_t n;

	(void) at;
	if (atomic_load(&s->serve->stopping))
		return MHD_CONTENT_READER_END_OF_STREAM;
	n = s->source->read(s->ctx, p, max);
	if (n == 0)
		return pause_stream(s);
	return n < 0 ? MHD_CONTENT_READER_END_OF_STREAM : n;
}

static void stream_free(void *ctx)
{
	struct stream *s = ctx;

	s->source->destroy(s->ctx);
	if (s->zips)
		(void) deflateEnd(&s->gzip);
	buf_finish(&s->plain);
	buf_finish(&s->packed);
	(void) atomic_fetch_sub(&s->serve->streams, 1);
	free(s);
}

struct MHD_Response *reply_respond_stream(struct request *rq, bool gzip)
{
	struct stream *s = xnew(struct stream, 1);

	s->serve = rq->serve;
	s->connection = rq->connection;
	s->source = TAKE(rq->reply.source);
	s->ctx = rq->reply.ctx;
	s->plain = rq->reply.out;
	rq->reply.out = (struct buf){0};
	s->budget = rq->budget;
	budget_for(&s->budget, &s->client, rq);
	s->client.is_reported = true;
	s->zips = gzip && deflateInit2(&s->gzip, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW, 8, Z_DEFAULT_STRATEGY) == Z_OK;
	(void) atomic_fetch_add(&s->serve->streams, 1);
	return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, SENT_AT_ONCE,
						 s->source->ready ? send_coming : send_made, s, stream_free);
}
