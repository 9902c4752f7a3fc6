#include <errno.h>
#include <stdarg.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "main.h"
#include "base/clock.h"
#include "base/crc.h"
#include "base/mem.h"
#include "confine.h"
#include "proto/row.h"
#include "serve.h"
#include "state.h"
#include "talk.h"

#define BACK_OFF_MOST_SEC 30
#define WAIT_MOST_US 200000 /* between checks whether it is to end */

static _Atomic bool asked_to_end;
static int end_fd = -1;

static void on_signal(int number)
{
	uint64_t one = 1;

	(void) number;
	asked_to_end = true;
	(void) !write(end_fd, &one, sizeof(one));
}

bool helper_stopping(const struct helper *h)
{
	return h->stopping || h->failed || asked_to_end;
}

void helper_wait(const struct helper *h, uint64_t until_us)
{
	uint64_t now;

	while ((now = clock_monotonic_us()) < until_us && !helper_stopping(h)) {
		uint64_t left = until_us - now;

		left = left < WAIT_MOST_US ? left : WAIT_MOST_US;
		(void) nanosleep(&(struct timespec){.tv_nsec = 1000 * (long) left}, NULL);
	}
}

void helper_refuse(char error[HELPER_ERROR_SIZE], const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void) vsnprintf(error, HELPER_ERROR_SIZE, format, args);
	va_end(args);
}

void helper_kernel_drops(struct helper *h, uint64_t total)
{
	(void) pthread_mutex_lock(&h->packet_lock);
	h->kernel_dropped = total;
	(void) pthread_mutex_unlock(&h->packet_lock);
}

static struct proto_loss loss_of(const struct helper *h)
{
	return (struct proto_loss){
		.has = true, .captured = h->captured, .kernel = h->kernel_dropped, .helper = h->dropped};
}

/* Under packet_lock. */
static bool queue(struct helper *h, const struct proto_message *m)
{
	buf_clear(&h->packet);
	return proto_encode(m, (enum proto_version) h->version, h->packet_scratch, &h->packet) >= 0 &&
	       ring_put(h->ring, h->packet.p, h->packet.len, m->packet.has);
}

void helper_report_loss(struct helper *h)
{
	struct proto_message m = {.type = PROTO_PACKET};

	(void) pthread_mutex_lock(&h->packet_lock);
	m.loss = loss_of(h);
	(void) queue(h, &m);
	(void) pthread_mutex_unlock(&h->packet_lock);
}

static void tag_position(const struct helper *h, struct proto_message *m)
{
	const struct helper_arguments *a = &h->arguments;

	if (!a->has_gps)
		return;
	m->gps = (struct proto_gps){.has = true,
				    .lat = a->lat,
				    .lon = a->lon,
				    .alt_m = a->alt,
				    .fix = 3,
				    .sec = clock_server_us() / 1000000,
				    .type = proto_text("fixed"),
				    .name = proto_text(a->gps_name ? a->gps_name : "sensor")};
}

void helper_packet(struct helper *h, const struct helper_packet *p)
{
	struct proto_message m = {.type = PROTO_PACKET};
	bool first;

	m.packet = (struct proto_packet){.has = true,
					 .has_time = true,
					 .dlt = p->dlt,
					 .sec = p->time_us / 1000000,
					 .usec = (uint32_t) (p->time_us % 1000000),
					 .length = p->length,
					 .data = span_of(p->data, p->size)};
	if (p->has_signal || p->freq_khz)
		m.signal = (struct proto_signal){
			.has = true, .has_dbm = p->has_signal, .dbm = p->signal_dbm, .freq_khz = p->freq_khz};
	tag_position(h, &m);
	(void) pthread_mutex_lock(&h->packet_lock);
	first = ring_empty(h->ring);
	h->captured++;
	if (!queue(h, &m))
		h->dropped++;
	(void) pthread_mutex_unlock(&h->packet_lock);
	if (first)
		helper_wake(h);
}

void helper_uuid(const char *type, const uint8_t six[6], char ret_uuid[HELPER_UUID_SIZE])
{
	(void) snprintf(ret_uuid, HELPER_UUID_SIZE, "%08X-0000-0000-0000-%02X%02X%02X%02X%02X%02X",
			crc_32(type, strlen(type)), six[0], six[1], six[2], six[3], six[4], six[5]);
}

static void prepare(struct helper *h)
{
	struct sigaction end = {.sa_handler = on_signal};

	(void) pthread_mutex_init(&h->control_lock, NULL);
	(void) pthread_mutex_init(&h->packet_lock, NULL);
	(void) pthread_mutex_init(&h->hopping.lock, NULL);
	(void) pthread_cond_init(&h->hopping.wake, NULL);
	h->hopping.rate = 1;
	h->version = PROTO_V3;
	h->link = (struct link){-1, -1, NULL};
	h->scratch = proto_scratch_create();
	h->control_scratch = proto_scratch_create();
	h->packet_scratch = proto_scratch_create();
	h->ring = ring_create(HELPER_RING_SIZE);
	h->wake_fd = end_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	(void) sigaction(SIGTERM, &end, NULL);
	(void) sigaction(SIGINT, &end, NULL);
	(void) signal(SIGPIPE, SIG_IGN);
}

static void finish(struct helper *h)
{
	serve_close(h);
	proto_scratch_destroy(h->scratch);
	proto_scratch_destroy(h->control_scratch);
	proto_scratch_destroy(h->packet_scratch);
	h->left = ring_clear(h->ring);
	ring_destroy(h->ring);
	buf_finish(&h->in);
	buf_finish(&h->out);
	buf_finish(&h->raw);
	buf_finish(&h->wrapped);
	buf_finish(&h->answers);
	buf_finish(&h->control);
	buf_finish(&h->packet);
}

static int list_interfaces(struct helper *h)
{
	struct helper_interface found[64];
	int n = h->kind->list ? h->kind->list(h->ctx, found, 64) : 0;

	for (int i = 0; i < n; i++)
		(void) printf("%-16s %s\n", found[i].name, found[i].hardware);
	if (n <= 0)
		(void) puts("This machine has no interface that this program could capture from.");
	return 0;
}

/* What the sensor is, for its first message. */
static int announce(struct helper *h, const char *uuid)
{
	struct proto_message m = {.type = PROTO_NEW_SOURCE,
				  .definition = proto_text(h->arguments.source),
				  .source_type = proto_text(h->kind->type),
				  .uuid = proto_text(uuid),
				  .key = proto_text(h->websocket ? NULL : h->arguments.key)};

	buf_clear(&h->in);
	buf_clear(&h->out);
	buf_clear(&h->raw);
	buf_clear(&h->answers);
	(void) pthread_mutex_lock(&h->control_lock);
	buf_clear(&h->control);
	(void) pthread_mutex_unlock(&h->control_lock);
	h->flowing = false;
	h->version = PROTO_V3;
	helper_send(h, &m);
	return talk(h);
}

/* Until it is asked to end: connects, and again, each time after a longer wait. */
static int run_remote(struct helper *h, const char *uuid)
{
	unsigned wait_sec = 1;
	int r;

	for (;;) {
		r = talk_connect(h);
		if (r >= 0) {
			r = announce(h, uuid);
			link_close(&h->link);
			if (h->flowing)
				wait_sec = 1;
			h->flowing = false;
		}
		if (asked_to_end || h->failed || !h->arguments.retry)
			return h->failed || r < 0;
		(void) fprintf(stderr, "%s; connecting again in %u seconds\n",
			       r < 0 ? strerror(-r) : "The server has closed the connection", wait_sec);
		for (unsigned i = 0; i < wait_sec * 10 && !asked_to_end; i++)
			(void) nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
		wait_sec = wait_sec * 2 < BACK_OFF_MOST_SEC ? wait_sec * 2 : BACK_OFF_MOST_SEC;
	}
}

static int start_remote(struct helper *h)
{
	cleanup_free struct helper_opened *o = xnew(struct helper_opened, 1);
	char error[HELPER_ERROR_SIZE] = "the definition cannot be read";
	const char *uuid;

	if (definition_parse(h->arguments.source, &h->definition) < 0 ||
	    h->kind->probe(h->ctx, &h->definition, o, error) < 0) {
		(void) fprintf(stderr, "--source=%s: %s\n", h->arguments.source, error);
		return 2;
	}
	uuid = definition_get(&h->definition, "uuid");
	(void) snprintf(h->opened.uuid, sizeof(h->opened.uuid), "%s", uuid ? uuid : o->uuid);
	return run_remote(h, xstrdup(h->opened.uuid));
}

int helper_main(int argc, char **argv, const struct helper_kind *kind, void *ctx)
{
	struct helper *h = xnew(struct helper, 1);
	int r = arguments_parse(argc, argv, &h->arguments);

	if (r != 0) {
		free(h);
		return r < 0 ? 2 : 0;
	}
	h->kind = kind;
	h->ctx = ctx;
	if (h->arguments.daemonize && daemon(0, 0) < 0)
		return 3;
	prepare(h);
	if (confine_capabilities(kind->capabilities) < 0 || confine_calls() < 0)
		(void) fprintf(stderr, "Cannot give up privileges on this machine; capturing with them\n");
	if (h->arguments.list) {
		r = list_interfaces(h);
	} else if (h->arguments.in_fd >= 0) {
		h->link.in_fd = h->arguments.in_fd;
		h->link.out_fd = h->arguments.out_fd;
		r = talk(h) < 0 && !asked_to_end;
	} else {
		r = start_remote(h);
	}
	finish(h);
	if (h->arguments.source)
		(void) fprintf(stderr,
			       "%llu frames captured, %llu lost by the kernel, %llu dropped for lack of room, "
			       "%u not sent\n",
			       (unsigned long long) h->captured, (unsigned long long) h->kernel_dropped,
			       (unsigned long long) h->dropped, h->left);
	free(h);
	return r;
}
