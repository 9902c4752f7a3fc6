/* norn-log pcap: packets of logs as pcapng, in one file or several. */
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "db.h"
#include "store/log/packet_query.h"

#define SLICE (64 * 1024)

struct split {
	const struct log_options *o;
	const char *source; /* NULL: all */
	FILE *f;
	struct buf out;
	unsigned number;
	uint64_t packets, bytes; /* in this file */
};

/* The name of the next file: with a number, or a source, in front of its ending. */
static void next_file(struct split *s)
{
	struct log_options o = *s->o;
	const char *dot = o.out ? strrchr(o.out, '.') : NULL;
	int n = o.out ? dot ? (int) (dot - o.out) : (int) strlen(o.out) : 0;
	char name[4096];

	if (s->f)
		log_finish(s->f, &s->out);
	s->number++;
	if (o.out && (s->source || o.split_packets || o.split_bytes)) {
		(void) snprintf(name, sizeof(name), "%.*s%s%s-%06u%s", n, o.out, s->source ? "-" : "",
				s->source ? s->source : "", s->number, dot ? dot : "");
		o.out = name;
	}
	s->f = log_output(&o);
	s->packets = s->bytes = 0;
}

static bool is_full(const struct split *s)
{
	return s->o->out && ((s->o->split_packets && s->packets >= s->o->split_packets) ||
			     (s->o->split_bytes && s->bytes >= s->o->split_bytes));
}

static int write_log(struct split *s, const struct log_db *l, uint64_t *done, uint64_t total)
{
	char error[256];
	struct packet_query *q = packet_query_open(l->path, error);
	bool more = q != NULL;
	size_t slice = s->o->split_packets || s->o->split_bytes ? 1 : SLICE;

	if (q && s->source)
		more = packet_query_filter(q, "datasource", s->source, error) >= 0;
	for (unsigned i = 0; more && i < s->o->n_filters; i++) {
		(void) snprintf(error, sizeof(error), "There is no filter '%s'", s->o->filter_names[i]);
		more = packet_query_filter(q, s->o->filter_names[i], s->o->filter_values[i], error) >= 0;
	}
	if (!more || packet_query_begin(q, error) < 0) {
		(void) fprintf(stderr, "norn-log: '%s': %s\n", l->path, error);
		if (q)
			packet_query_close(q);
		return 1;
	}
	next_file(s);
	while (more) {
		uint64_t before = packet_query_packets(q);
		size_t had = s->out.len;

		more = packet_query_next(q, &s->out, s->out.len + slice);
		s->packets += packet_query_packets(q) - before;
		s->bytes += s->out.len - had;
		log_write_out(s->f, &s->out, false);
		log_progress(s->o, *done + packet_query_packets(q), total);
		if (more && is_full(s) && packet_query_more(q)) {
			next_file(s);
			packet_query_again(q);
		}
	}
	*done += packet_query_packets(q);
	if (packet_query_torn(q))
		log_torn(l, packet_query_torn(q));
	packet_query_close(q);
	log_finish(s->f, &s->out);
	s->f = NULL;
	return log_status();
}

static int by_source(struct split *s, struct log_db *l, uint64_t *done, uint64_t total)
{
	sqlite3_stmt *rows = log_prepare(l, "SELECT DISTINCT datasource FROM packets");
	int status = 0;

	while (status == 0 && log_next(l, rows)) {
		char uuid[64];

		(void) snprintf(uuid, sizeof(uuid), "%s", log_text(rows, 0));
		s->source = uuid;
		s->number = 0;
		status = write_log(s, l, done, total);
	}
	s->source = NULL;
	(void) sqlite3_finalize(rows);
	return status;
}

int log_pcap(const struct log_options *o)
{
	struct split s = {.o = o};
	uint64_t done = 0, total;
	struct log_db l;
	int status;

	if ((o->split_source || o->split_packets || o->split_bytes) && !o->out) {
		(void) fputs("norn-log: several files need names; --out gives how they begin\n", stderr);
		return 2;
	}
	if (!log_open(&l, o->inputs[0], LOG_READ))
		return 1;
	total = log_rows(&l, "packets");
	status = o->split_source ? by_source(&s, &l, &done, total) : write_log(&s, &l, &done, total);
	log_progress(o, 0, 0);
	log_close(&l);
	return status;
}
