#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "serve.h"
#include "base/clock.h"
#include "base/mem.h"
#include "hop.h"
#include "main.h"
#include "proto/row.h"
#include "state.h"
#include "talk.h"

#define LIST_MAX 64

void helper_send(struct helper *h, struct proto_message *m)
{
	(void) pthread_mutex_lock(&h->control_lock);
	m->seqno = ++h->seqno;
	(void) proto_encode(m, (enum proto_version) h->version, h->control_scratch, &h->control);
	(void) pthread_mutex_unlock(&h->control_lock);
	helper_wake(h);
}

void helper_say(struct helper *h, const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	(void) vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	helper_send(h, &(struct proto_message){.type = PROTO_MESSAGE, .flags = 2, .text = proto_text(text)});
	if (h->link.in_fd < 0)
		(void) fprintf(stderr, "%s\n", text);
}

void helper_fail(struct helper *h, const char *format, ...)
{
	char text[512];
	va_list args;

	if (h->failed)
		return;
	va_start(args, format);
	(void) vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	helper_send(h, &(struct proto_message){.type = PROTO_ERROR, .text = proto_text(text)});
	(void) fprintf(stderr, "%s\n", text);
	h->failed = true;
	helper_wake(h);
}

static struct proto_list split(char *text, struct span *items, uint32_t most)
{
	struct proto_list l = {items, 0};
	char *save = NULL;

	for (char *p = strtok_r(text, ",", &save); p && l.count < most; p = strtok_r(NULL, ",", &save))
		items[l.count++] = proto_text(p);
	return l;
}

static void *run_capture(void *ctx)
{
	struct helper *h = ctx;

	h->kind->capture(h->ctx, h);
	if (!helper_stopping(h))
		helper_fail(h, "The capture has ended");
	return NULL;
}

/* The counts so far: against them the server can see what is lost from here on. */
static void report_start(struct helper *h)
{
	struct proto_message m = {.type = PROTO_PACKET};

	(void) pthread_mutex_lock(&h->packet_lock);
	m.loss = (struct proto_loss){.has = true,
				     .captured = h->captured - ring_packets(h->ring),
				     .kernel = h->kernel_dropped,
				     .helper = h->dropped};
	(void) pthread_mutex_unlock(&h->packet_lock);
	helper_send(h, &m);
}

static void report_open(struct helper *h, uint32_t request)
{
	cleanup_free char *text = xstrdup(h->opened.channels);
	cleanup_free struct span *names = xnew(struct span, HELPER_HOPS_MAX);
	struct proto_message m = {.type = PROTO_OPEN_REPORT,
				  .request = request,
				  .success = true,
				  .has_dlt = true,
				  .dlt = h->opened.dlt,
				  .capture_interface = proto_text(h->opened.capture),
				  .hardware = proto_text(h->opened.hardware),
				  .uuid = proto_text(h->opened.uuid),
				  .channel = proto_text(h->opened.channel),
				  .warning = proto_text(h->opened.warning),
				  .text = proto_text(h->opened.warning),
				  .version = proto_text("norn " NORN_VERSION)};

	m.channels = split(text, names, HELPER_HOPS_MAX);
	helper_send(h, &m);
	report_start(h);
	h->flowing = true;
}

static void refuse(struct helper *h, uint32_t type, uint32_t request, const char *text)
{
	helper_send(h, &(struct proto_message){.type = type, .request = request, .text = proto_text(text)});
}

/* A sensor that comes back to its server is open already. */
static void open_it(struct helper *h, const struct proto_message *m)
{
	char text[DEFINITION_SIZE_MAX], error[HELPER_ERROR_SIZE] = "The definition cannot be read";

	if (h->is_open) {
		report_open(h, m->seqno);
		return;
	}
	if (m->definition.left >= sizeof(text)) {
		refuse(h, PROTO_OPEN_REPORT, m->seqno, error);
		return;
	}
	proto_copy(m->definition, text, sizeof(text));
	if (definition_parse(text, &h->definition) < 0 ||
	    h->kind->open(h->ctx, &h->definition, &h->opened, error) < 0) {
		refuse(h, PROTO_OPEN_REPORT, m->seqno, error);
		return;
	}
	h->is_open = true;
	report_open(h, m->seqno);
	h->captures = pthread_create(&h->capture, NULL, run_capture, h) == 0;
	if (!h->captures)
		helper_fail(h, "No thread can be made");
}

static void probe(struct helper *h, const struct proto_message *m)
{
	cleanup_free struct helper_opened *o = xnew(struct helper_opened, 1);
	cleanup_free struct definition *d = xnew(struct definition, 1);
	cleanup_free struct span *names = xnew(struct span, HELPER_HOPS_MAX);
	char text[DEFINITION_SIZE_MAX], error[HELPER_ERROR_SIZE] = "The definition cannot be read";
	struct proto_message answer = {.type = PROTO_PROBE_REPORT, .request = m->seqno, .success = true};

	proto_copy(m->definition, text, sizeof(text));
	if (definition_parse(text, d) < 0 || h->kind->probe(h->ctx, d, o, error) < 0) {
		refuse(h, PROTO_PROBE_REPORT, m->seqno, error);
		return;
	}
	answer.interface = (struct proto_interface){.has = true,
						    .interface = proto_text(d->interface),
						    .hardware = proto_text(o->hardware),
						    .channel = proto_text(o->channel)};
	answer.interface.channels = split(o->channels, names, HELPER_HOPS_MAX);
	helper_send(h, &answer);
}

static void list(struct helper *h, const struct proto_message *m)
{
	cleanup_free struct helper_interface *found = xnew(struct helper_interface, LIST_MAX);
	cleanup_free struct proto_interface *items = xnew(struct proto_interface, LIST_MAX);
	int n = h->kind->list ? h->kind->list(h->ctx, found, LIST_MAX) : 0;
	struct proto_message answer = {.type = PROTO_LIST_REPORT,
				       .request = m->seqno,
				       .success = n >= 0,
				       .version = proto_text("norn " NORN_VERSION)};

	for (int i = 0; i < n; i++)
		items[i] = (struct proto_interface){.has = true,
						    .interface = proto_text(found[i].name),
						    .hardware = proto_text(found[i].hardware),
						    .capture_interface = proto_text(found[i].capture)};
	answer.interfaces = (struct proto_interfaces){items, n > 0 ? (uint32_t) n : 0};
	helper_send(h, &answer);
}

bool serve_message(struct helper *h, const struct proto_message *m)
{
	char text[512];

	switch (m->type) {
	case PROTO_PING:
		h->ping_us = clock_monotonic_us();
		helper_send(h, &(struct proto_message){.type = PROTO_PONG, .request = m->seqno});
		return true;
	case PROTO_PROBE: probe(h, m); return true;
	case PROTO_LIST: list(h, m); return true;
	case PROTO_OPEN: open_it(h, m); return true;
	case PROTO_CONFIGURE: hop_configure(h, m); return true;
	case PROTO_SHUTDOWN:
		proto_copy(m->text, text, sizeof(text));
		(void) fprintf(stderr, "The server says: %s\n", text);
		return false;
	case PROTO_CLOSE: return false;
	default: return true;
	}
}

void serve_stop(struct helper *h)
{
	h->stopping = true;
	hop_stop(h);
	if (h->captures)
		(void) pthread_join(h->capture, NULL);
	h->captures = false;
}

void serve_close(struct helper *h)
{
	serve_stop(h);
	if (h->is_open && h->kind->close)
		h->kind->close(h->ctx);
	h->is_open = false;
}
