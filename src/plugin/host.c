/* What the server does for plugins: include/norn/plugin.h says what each is for. */
#include <norn/plugin.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "field/path.h"
#include "field/write.h"
#include "plugin/inside.h"

struct norn_request {
	struct request *rq;
	struct reply *rp;
};

static struct plugins *answering; /* the one set of plugins of the process; set before the server starts */

static void answer(struct request *rq, struct reply *rp)
{
	struct norn_request both = {rq, rp};
	const struct route *r = request_route(rq);
	size_t n = (size_t) (r - answering->routes);

	answering->answers[n].fn(answering->answers[n].ctx, &both);
}

static int add_route(struct norn_self *self, const char *path, const char *sentence, norn_route_fn fn,
		     void *ctx)
{
	struct plugins *p = self->all;
	size_t n = p->table.n;

	if (*path != '/' || n == PLUGIN_ROUTES_MAX)
		return *path != '/' ? ERR_MALFORMED : ERR_LIMIT;
	answering = p;
	p->routes[n] = (struct route){.methods = METHOD_BOTH,
				      .path = xstrdup(path),
				      .formats = "json",
				      .right = RIGHT_READ,
				      .handle = answer,
				      .doc = xstrdup(sentence),
				      .shape = SHAPE_TEXT};
	p->answers[n].fn = (void (*)(void *, void *)) fn;
	p->answers[n].ctx = ctx;
	p->table.n++;
	return 0;
}

static int on_packet(struct norn_self *self, norn_packet_fn fn, void *ctx)
{
	struct plugins *p = self->all;

	if (p->n_listeners == PLUGIN_LISTENERS_MAX)
		return ERR_LIMIT;
	p->listeners[p->n_listeners].fn = (void (*)(void *, const void *)) fn;
	p->listeners[p->n_listeners++].ctx = ctx;
	return 0;
}

static int add_alert(struct norn_self *self, const char *name, int severity, const char *sentence)
{
	struct alert_definition d = {.alert_class = "OTHER", .severity = (uint8_t) severity,
				     .phy = UINT32_MAX,
				     .throttle = {.limit = {10, RATE_MIN}, .burst = {1, RATE_SEC}}};

	(void) snprintf(d.name, sizeof(d.name), "%s", name);
	(void) snprintf(d.description, sizeof(d.description), "%s", sentence);
	return alerts_define(self->all->rooms.alerts, &d);
}

static void message(struct norn_self *self, const char *text)
{
	log_info("Plugin '%s': %.400s", self->record.dirname, text);
}

static int raise_alert(struct norn_self *self, int alert, const char *text)
{
	struct alert a = {.channel = "0"};

	(void) snprintf(a.text, sizeof(a.text), "%s", text);
	return alert >= 0 && alerts_raise(self->all->rooms.alerts, alert, &a, 0) ? 0 : ERR_DENIED;
}

static int device_value(struct norn_self *self, const char *key, const char *path, char *json, size_t size)
{
	struct tracker *t = self->all->rooms.tracker;
	struct arena arena = {0};
	struct field_ctx ctx = {.now_us = clock_server_us(), .model_now = tracker_now(t),
				.arena = &arena, .env = tracker_env(t)};
	struct field_path compiled;
	struct field_value v;
	struct buf out = {0};
	struct device *d;
	struct key k;
	int r = ERR_NOT_FOUND;

	if (key_parse(key, strlen(key), &k) < 0 ||
	    field_path_compile(&device_table, path, strlen(path), &compiled) < 0)
		return ERR_MALFORMED;
	d = tracker_get(t, &k, &arena);
	if (d && field_path_first(&compiled, d, &ctx, &v)) {
		field_write_value(&out, &v, FIELD_FORMAT_JSON, &ctx);
		r = out.len < size ? (int) out.len : ERR_LIMIT;
		if (r >= 0)
			memcpy(json, buf_text(&out), out.len + 1);
	}
	buf_finish(&out);
	arena_finish(&arena);
	return r;
}

static const char *variable(struct norn_request *request, const char *name)
{
	return request_variable(request->rq, name);
}
static void status(struct norn_request *request, unsigned number)
{
	reply_status(request->rp, number);
}
static void add(struct norn_request *request, const char *text, size_t n)
{
	buf_add(reply_buf(request->rp), text, n);
}

static const struct packet *of(const struct norn_packet *packet)
{
	return (const void *) packet;
}
static const void *octets(const struct norn_packet *packet, size_t *n)
{
	*n = of(packet)->shown < of(packet)->data.left ? of(packet)->shown : of(packet)->data.left;
	return of(packet)->data.p;
}
static uint64_t time_us(const struct norn_packet *packet)
{
	return of(packet)->time_us;
}
static unsigned linktype(const struct norn_packet *packet)
{
	return of(packet)->linktype;
}
static int signal_of(const struct norn_packet *packet, int *dbm)
{
	*dbm = of(packet)->radio.signal_dbm;
	return of(packet)->radio.have & RADIO_HAS_SIGNAL ? 1 : 0;
}

const struct norn_host plugin_host = {
	sizeof(struct norn_host), add_route,  on_packet, add_alert, message, raise_alert, device_value,
	variable,		  status,     add,	 octets,    time_us, linktype,	  signal_of,
};
