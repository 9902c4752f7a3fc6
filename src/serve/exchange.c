#include "serve/exchange.h"

#include <string.h>
#include <sys/resource.h>

#include "base/json_out.h"
#include "base/limit.h"
#include "base/mem.h"
#include "serve/access.h"
#include "serve/client.h"
#include "serve/connection.h"
#include "serve/framing.h"
#include "serve/handle.h"
#include "serve/login.h"
#include "serve/origin.h"
#include "serve/private.h"
#include "serve/reply.h"
#include "serve/request.h"
#include "serve/request_timer.h"
#include "serve/resumer.h"
#include "serve/route.h"
#include "serve/send.h"
#include "serve/statics.h"

static uint8_t method_of(const char *method)
{
	if (strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0)
		return METHOD_GET;
	return strcmp(method, "POST") == 0 ? METHOD_POST : 0;
}

static const char *without_prefix(const struct serve *s, const char *url)
{
	size_t n = s->conf.uri_prefix ? strlen(s->conf.uri_prefix) : 0;

	while (n && s->conf.uri_prefix[n - 1] == '/')
		n--;
	return n && strncmp(url, s->conf.uri_prefix, n) == 0 && (url[n] == '/' || !url[n]) ? url + n : url;
}

/* Serving yields to capture: once for each of the pool's threads. */
static void be_nice(void)
{
	static _Thread_local bool done;

	if (!done)
		(void) setpriority(PRIO_PROCESS, 0, SERVE_NICE);
	done = true;
}

/* The request begins to come: its target is there, and its head is not. */
void *exchange_target(void *ctx, const char *target, struct MHD_Connection *c)
{
	struct request *rq = xnew(struct request, 1);

	rq->serve = ctx;
	rq->connection = c;
	if (target) {
		char *own = (char *) (uintptr_t) target; /* in the connection's own memory */

		framing_note_target(&rq->target, own);
		request_take_query(rq, own);
		framing_cut_target(&rq->target, own);
	}
	return rq;
}

static void begin(struct request *rq, const char *url, const char *method)
{
	struct MHD_Connection *c = rq->connection;
	struct serve *s = rq->serve;

	be_nice();
	rq->begun = true;
	(void) atomic_fetch_add(&s->requests, 1);
	rq->budget.left_ns = s->conf.request_sec * SECOND_NS;
	budget_for(&rq->budget, &rq->client, rq);
	rq->reply.status = 200;
	rq->post = strcmp(method, "POST") == 0;
	rq->is_get = strcmp(method, "GET") == 0;
	if (strlen(url) >= SERVE_PATH_MAX) {
		rq->match.status = 414;
		(void) snprintf(rq->reason, sizeof(rq->reason), "The path is longer than %d octets.",
				SERVE_PATH_MAX - 1);
		rq->sentence = rq->reason;
	} else {
		url = without_prefix(s, url);
		route_find(s->conf.tables, url, method_of(method), &rq->match);
	}
	(void) air_text((const uint8_t *) url, strlen(url), rq->path, sizeof(rq->path));
	rq->reply.mime = mime_of_path(!rq->match.extension[0] ? ".txt" : rq->match.subpath[0] ? ".json" : url);
	if (s->conf.flat_ekjson && strcmp(rq->match.extension, "ekjson") == 0)
		rq->match.format.fields = FIELD_FORMAT_FLAT;
	origin_note(rq);
	rq->request_timers = connection_timer(c);
	if (rq->request_timers && rq->request_timers->refused) {
		rq->match.route = NULL;
		rq->match.status = 429;
		rq->sentence = "Your address has reached its limit of connections (norn_max_address_connections).";
	}
	request_read_query(rq);
	if (rq->match.route) {
		enum login_result r = access_identify(rq);

		rq->refused = r != LOGIN_UNPROVEN && r != LOGIN_LATER && access_refuse(rq) != 0;
	}
}

static enum MHD_Result keep_body(struct request *rq, const char *data, size_t *n)
{
	if (rq->match.route && !rq->refused && rq->body.len + *n > limit_of(LIMIT_BODY)) {
		limit_hit(LIMIT_BODY);
		rq->fault = 413;
		(void) snprintf(rq->reason, sizeof(rq->reason),
				"The request's body is larger than %llu octets (norn_max_body).",
				(unsigned long long) limit_of(LIMIT_BODY));
		rq->sentence = rq->reason;
		buf_clear(&rq->body);
		rq->refused = true;
	} else if (rq->match.route && !rq->refused) {
		buf_add(&rq->body, data, *n);
	}
	*n = 0;
	return MHD_YES;
}

static bool is_home_page(const char *url)
{
	return strspn(url, "/") == strlen(url);
}

/* /plugin/NAME/FILE out of the plugin's own folder. */
static enum MHD_Result send_plugin_file(struct request *rq, const char *url)
{
	static const char prefix[] = "/plugin/";
	const struct serve_conf *c = &rq->serve->conf;
	char folder[4096];
	size_t n;

	if (!c->plugin_folder || !rq->is_get || strncmp(url, prefix, sizeof(prefix) - 1) != 0)
		return MHD_NO;
	url += sizeof(prefix) - 1;
	n = strcspn(url, "/");
	if (!url[n] || !c->plugin_folder(c->ctx, url, n, folder, sizeof(folder)))
		return MHD_NO;
	return statics_send(rq, folder, url + n, PAGES_PLUGIN);
}

static enum MHD_Result answer(struct request *rq, const char *url, const char *method)
{
	struct serve *s = rq->serve;
	bool home = s->conf.home && method_of(method) == METHOD_GET && rq->match.status != 429;

	if (strcmp(method, "OPTIONS") == 0 && s->conf.allow_cors) {
		rq->handled = true;
		rq->reply.status = 200;
		return reply_send(rq);
	}
	url = without_prefix(s, url);
	if (home && ((!rq->match.route && rq->match.status == 404) || is_home_page(url)) &&
	    statics_send(rq, s->conf.home, url, PAGES_HOME) == MHD_YES)
		return MHD_YES;
	if (!rq->match.route && rq->match.status == 404 && send_plugin_file(rq, url) == MHD_YES)
		return MHD_YES;
	if (!rq->handled && rq->match.route && access_wait(rq))
		return MHD_YES;
	if (handle_elsewhere(rq))
		return MHD_YES;
	if (!rq->handled) {
		handle_here(rq);
	}
	return access_hold_back(rq) ? MHD_YES : reply_send(rq);
}

/* False, and replied, when the request's head is not what it must be: at once, whatever would follow. */
static bool framed(struct request *rq, const char *method, const char *url, const char *version)
{
	unsigned status = framing_refuse(rq->connection, &rq->target, method, url, version, &rq->sentence);

	if (!status)
		return true;
	rq->match.route = NULL;
	rq->handled = rq->last = true;
	reply_error(&rq->reply, status, "%s", rq->sentence);
	return false;
}

enum MHD_Result exchange_step(void *ctx, struct MHD_Connection *c, const char *url, const char *method,
			      const char *version, const char *data, size_t *n, void **state)
{
	struct request *rq = *state;

	(void) ctx;
	(void) c;
	if (!rq->begun) {
		begin(rq, url, method);
		return framed(rq, method, url, version) ? MHD_YES : reply_send(rq);
	}
	if (*n)
		return keep_body(rq, data, n);
	if (!rq->whole) { /* the library goes on to a state in which it reads nothing, so that no end of it stops the
			     reply */
		rq->whole = true;
		return MHD_YES;
	}
	return request_timer_answer(rq->serve->request_timers, rq->request_timers) ? answer(rq, url, method) : MHD_NO;
}

void exchange_done(void *ctx, struct MHD_Connection *c, void **state, enum MHD_RequestTerminationCode code)
{
	struct serve *s = ctx;

	(void) code;
	resumer_remove(s->resumer, c);
	if (*state) {
		struct request *rq = *state;

		if (rq->reply.status != 101) /* a websocket has no end of its own */
			request_timer_done(s->request_timers, rq->request_timers);
		request_finish(rq);
	}
	*state = NULL;
}
