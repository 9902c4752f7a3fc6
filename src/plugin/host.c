/* What the server does for plugins: include/norn/plugin.h says what each is for. */
#include <norn/plugin.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "field/path.h"
#include "field/write.h"
#include "plugin/private.h"
#include "plugin/phys.h"
#include "serve/reply.h"
#include "serve/request.h"
#include "serve/route.h"
#include "track/read.h"
#include "track/tracker.h"

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

static int add_route(struct norn_self *self, const char *path, const char *sentence, norn_route_fn fn, void *ctx)
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
				      .shape = SHAPE_TEXT,
				      .flags = ROUTE_GUARDED,
				      .refusals = {{404, "what the plugin was asked for is not there"}}};
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
	struct alert_definition d = {.alert_class = "OTHER",
				     .severity = (uint8_t) severity,
				     .phy = UINT32_MAX,
				     .throttle = {.limit = {10, RATE_MIN}, .burst = {1, RATE_SEC}}};

	(void) snprintf(d.name, sizeof(d.name), "%s", name);
	(void) snprintf(d.description, sizeof(d.description), "%s", sentence);
	return alerts_define(self->all->rooms.alerts, &d);
}

static int add_view(struct norn_self *self, const char *definition, const char *sentence)
{
	char error[FIELD_ERROR_SIZE];
	int r = user_views_add(self->all->rooms.views, definition, sentence, error);

	if (r < 0)
		log_write(LOG_LEVEL_ERROR, "Plugin '%s', view '%.128s': %s", self->record.dirname, definition, error);
	return r;
}

/* A file of a plugin's log. */
struct plugin_file {
	const struct norn_log *log;
	void *file;
};

static void *open_file(void *ctx, const char *path)
{
	const struct plugin_log *of = ctx;
	void *file = of->log->open(of->ctx, path);
	struct plugin_file *f = file ? xnew(struct plugin_file, 1) : NULL;

	if (f)
		*f = (struct plugin_file){of->log, file};
	return f;
}

/* Logs know packets as the feed keeps them; plugins see them as they see others. */
static int write_packet(void *file, const struct packet_summary *s, const uint8_t *data)
{
	const struct plugin_file *f = file;
	const struct packet p = {.data = {.p = data, .left = s->captured},
				 .shown = s->captured,
				 .length = s->length,
				 .linktype = s->linktype,
				 .source = s->source,
				 .number = s->number,
				 .time_us = s->time_us,
				 .radio = {.have = s->has_signal ? RADIO_HAS_SIGNAL : 0,
					   .signal_dbm = s->signal_dbm,
					   .freq_khz = s->freq_khz},
				 .bssid = s->bssid,
				 .sender = s->sender,
				 .destination = s->destination,
				 .transmitter = s->transmitter};

	if (s->report) /* no packet */
		return 0;
	return f->log->packet(f->file, (const void *) &p);
}

static int sync_file(void *file)
{
	const struct plugin_file *f = file;

	return f->log->sync ? f->log->sync(f->file) : 0;
}

static void close_file(void *file)
{
	struct plugin_file *f = file;

	f->log->close(f->file);
	free(f);
}

static int add_log(struct norn_self *self, const struct norn_log *log, void *ctx)
{
	struct plugins *p = self->all;
	struct log_writer *w = &p->writers[p->n_logs];
	int r;

	if (p->n_logs == LOG_WRITERS_MAX)
		return ERR_LIMIT;
	if (!log->open || !log->packet || !log->close || strlen(log->log_class) >= sizeof(w->driver.log_class))
		return ERR_MALFORMED;
	*w = (struct log_writer){.driver = {.stream = 1},
				 .open = open_file,
				 .packet = write_packet,
				 .sync = sync_file,
				 .close = close_file,
				 .ctx = &p->logs[p->n_logs]};
	(void) snprintf(w->driver.log_class, sizeof(w->driver.log_class), "%s", log->log_class);
	(void) snprintf(w->driver.name, sizeof(w->driver.name), "%s", log->log_class);
	(void) snprintf(w->driver.description, sizeof(w->driver.description), "%s", log->description);
	p->logs[p->n_logs] = (struct plugin_log){log, ctx};
	r = logs_add_class(p->rooms.logs, w);
	p->n_logs += r >= 0;
	return r;
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
	struct field_ctx ctx = {.now_us = clock_server_us(),
				.model_now = tracker_now(t),
				.arena = &arena,
				.context = tracker_context(t)};
	struct field_path compiled;
	struct field_value v;
	struct buf out = {0};
	struct device *d;
	struct key k;
	int r = ERR_NOT_FOUND;

	if (key_parse(key, strlen(key), &k) < 0 || field_path_compile(&device_table, path, strlen(path), &compiled) < 0)
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
	if (number >= 400)
		reply_type(request->rp, "text/plain; charset=utf-8"); /* a sentence, or nothing */
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

static uint32_t length(const struct norn_packet *packet)
{
	return of(packet)->length;
}
static uint32_t khz(const struct norn_packet *packet)
{
	return of(packet)->radio.freq_khz;
}
static void address(const struct norn_packet *packet, enum norn_address which, char ret_text[18])
{
	const struct packet *p = of(packet);
	const struct mac *const all[] = {[NORN_TRANSMITTER] = &p->transmitter,
					 [NORN_SENDER] = &p->sender,
					 [NORN_DESTINATION] = &p->destination,
					 [NORN_NETWORK] = &p->bssid};
	const struct mac none = {0};

	mac_format((unsigned) which < ARRAY_SIZE(all) ? all[which] : &none, ret_text);
}

const struct norn_host plugin_host = {
	sizeof(struct norn_host),
	add_route,
	on_packet,
	add_alert,
	message,
	raise_alert,
	device_value,
	variable,
	status,
	add,
	octets,
	time_us,
	linktype,
	signal_of,
	add_view,
	add_log,
	plugin_add_phy,
	plugin_observation_frame,
	plugin_observation_address,
	plugin_observation_integer,
	plugin_observation_real,
	plugin_observation_text,
	plugin_observation_name,
	length,
	khz,
	address,
};
