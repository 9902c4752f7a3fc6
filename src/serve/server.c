#include "serve/server.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "serve/address.h"
#include "serve/authority.h"
#include "serve/guard.h"
#include "serve/guesses.h"
#include "serve/listen.h"
#include "serve/owner.h"
#include "serve/private.h"
#include "serve/proxy.h"
#include "serve/request_timer.h"
#include "serve/resumer.h"
#include "serve/statics.h"
#include "serve/websocket.h"
#include "serve/work.h"

#define WORK_THREADS 4
#define WALK_THREADS 32 /* that share the processors fairly */
#define STOP_MS 1000    /* that streams have to end */

/* Makes the records ready that routes name, so that the schema lists them. How many routes there are. */
static size_t prepare_records(const struct route_table *const *tables)
{
	const struct route *r;
	size_t n = 0;

	for (; (r = route_at(tables, n)); n++)
		if (r->record)
			field_prepare(r->record);
	for (; *tables; tables++)
		for (struct field_table *const *more = (*tables)->records; more && *more; more++)
			field_prepare(*more);
	return n;
}

/* Settings of the guard and of trusted proxies. */
static int prepare_guard(struct serve *s)
{
	const struct serve_conf *c = &s->conf;

	if (gethostname(s->hostname, sizeof(s->hostname) - 1) != 0)
		s->hostname[0] = '\0';
	for (size_t i = 0; i < c->trusted_proxies.n; i++)
		if (!proxies_add(&s->proxies, c->trusted_proxies.items[i]))
			return log_error(ERR_MALFORMED,
					 "httpd_trusted_proxy: '%s' is neither an address, with or without a mask, nor "
					 "'unix'; at most %d are taken",
					 c->trusted_proxies.items[i], PROXIES_MAX);
	for (size_t i = 0; i < c->allowed_hosts.n; i++) {
		struct authority a;

		if (!authority_parse(c->allowed_hosts.items[i], &a))
			return log_error(
				ERR_MALFORMED,
				"httpd_allowed_host: '%s' is not a host name; give it without 'http://' and path",
				c->allowed_hosts.items[i]);
	}
	s->guard = (struct guard_conf){.hostname = s->hostname,
				       .allowed_hosts = &c->allowed_hosts,
				       .allowed_origin = c->allow_cors ? c->allowed_origin : NULL};
	return 0;
}

int serve_start(const struct serve_conf *conf, struct serve **ret_serve)
{
	struct serve *s = xnew(struct serve, 1);
	size_t n = prepare_records(conf->tables);
	int r;

	s->conf = *conf;
	s->own_home = statics_are_own(conf->home);
	s->answered = xnew(_Atomic uint64_t, 2 * n + 1);
	s->loopback = true;
	owner_start(s);
	s->guesses = guesses_create();
	s->token_guesses = guesses_create();
	s->addresses = addresses_create();
	s->request_timers = request_timers_create();
	s->resumer = resumer_start();
	s->work = work_start(WORK_THREADS, 0); /* sources' threads come of these, and must not be nice */
	s->walks = work_start(WALK_THREADS, SERVE_NICE);
	s->websockets = websockets_start();
	r = prepare_guard(s);
	if (r >= 0)
		r = listen_start(s);
	if (r < 0) {
		serve_stop(s);
		return r;
	}
	owner_ask(s);
	*ret_serve = s;
	return 0;
}

uint16_t serve_port(const struct serve *s)
{
	return listen_port(s);
}

static void wait_for_streams(struct serve *s)
{
	struct timespec pause = {.tv_nsec = 10000000};

	for (int ms = 0; ms < STOP_MS && atomic_load(&s->streams); ms += 10)
		(void) nanosleep(&pause, NULL);
}

void serve_stop(struct serve *s)
{
	if (!s)
		return;
	atomic_store(&s->stopping, true);
	work_stop(s->work);
	work_stop(s->walks);
	resumer_stop(s->resumer);
	websockets_stop(s->websockets);
	wait_for_streams(s);
	for (unsigned i = 0; i < s->n_daemons; i++)
		MHD_stop_daemon(s->daemons[i]);
	if (s->unix_path)
		(void) unlink(s->unix_path);
	work_destroy(s->work);
	work_destroy(s->walks);
	websockets_destroy(s->websockets);
	resumer_destroy(s->resumer);
	addresses_destroy(s->addresses);
	request_timers_destroy(s->request_timers);
	owner_stop(s);
	guesses_destroy(s->guesses);
	guesses_destroy(s->token_guesses);
	free(s->unix_path);
	free(s->tls_cert);
	free(s->tls_key);
	free(s->answered);
	free(s);
}

void serve_tick(struct serve *s)
{
	(void) atomic_fetch_add(&s->errors, request_timers_tick(s->request_timers));
	owner_tick(s);
}

const struct route_table *const *serve_tables(const struct serve *s)
{
	return s->conf.tables;
}

void serve_count(struct serve *s, struct serve_counts *ret_counts)
{
	*ret_counts = (struct serve_counts){.requests = atomic_load(&s->requests),
					    .errors = atomic_load(&s->errors),
					    .connections = atomic_load(&s->connections),
					    .refused = atomic_load(&s->refused),
					    .open_connections = atomic_load(&s->open_connections),
					    .streams = atomic_load(&s->streams),
					    .sessions = sessions_count(s->sessions),
					    .websockets = websockets_open(s->websockets)};
}

uint64_t serve_answered(const struct serve *s, size_t route, enum method method)
{
	return atomic_load(&s->answered[2 * route + (method == METHOD_POST)]);
}

uint32_t serve_session_list(struct serve *s, struct session_info *ret_infos, uint32_t max)
{
	return sessions_list(s->sessions, ret_infos, max);
}

int serve_session_end(struct serve *s, const char *id)
{
	return sessions_end(s->sessions, id);
}

int serve_key_create(struct serve *s, const char *name, const char *role, uint64_t seconds, char ret_token[TOKEN_SIZE])
{
	return sessions_add_key(s->sessions, name, role, seconds, ret_token);
}

int serve_key_revoke(struct serve *s, const char *name)
{
	return sessions_revoke(s->sessions, name);
}

uint32_t serve_key_list(struct serve *s, struct api_key *ret_keys, uint32_t max)
{
	return sessions_keys(s->sessions, ret_keys, max);
}
