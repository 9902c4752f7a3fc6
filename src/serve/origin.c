#include "serve/origin.h"

#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "serve/address.h"
#include "serve/authority.h"
#include "serve/guard.h"
#include "serve/private.h"
#include "serve/proxy.h"
#include "serve/request.h"
#include "serve/route.h"

#define JOINED_MAX 4096 /* octets of a header that came in several lines */

struct joining {
	const char *name;
	struct buf out;
	unsigned n;
};

static enum MHD_Result join_named(void *ctx, enum MHD_ValueKind kind, const char *name, const char *value)
{
	struct joining *j = ctx;

	(void) kind;
	if (strcasecmp(name, j->name) != 0)
		return MHD_YES;
	j->n++;
	if (!value || j->out.len + strlen(value) >= JOINED_MAX)
		return MHD_YES;
	if (j->out.len)
		buf_str(&j->out, ", ");
	buf_str(&j->out, value);
	return MHD_YES;
}

/* All lines of a header as one list. The caller frees `out`. */
static void read_header(const struct request *rq, const char *name, struct joining *ret)
{
	*ret = (struct joining){.name = name};
	(void) MHD_get_connection_values(rq->connection, MHD_HEADER_KIND, join_named, ret);
}

static const char *text_of(struct joining *j)
{
	return j->n ? buf_text(&j->out) : NULL;
}

/* Reads what the proxy says; false when it says nothing of a client. */
static bool read_forwarding(struct request *rq)
{
	static const char *const names[] = {"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto",
					    "X-Forwarded-Port"};
	struct joining all[ARRAY_SIZE(names)];
	struct forwarding f;
	bool any = false;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		read_header(rq, names[i], &all[i]);
		any |= all[i].n > 0;
	}
	f = (struct forwarding){text_of(&all[0]), text_of(&all[1]), text_of(&all[2]), text_of(&all[3]),
				text_of(&all[4])};
	if (any)
		forwarding_read(&f, &rq->serve->proxies, &rq->forwarded_as);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		buf_finish(&all[i].out);
	return any;
}

void origin_note(struct request *rq)
{
	const union MHD_ConnectionInfo *i = MHD_get_connection_info(rq->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);

	address_format(i ? i->client_addr : NULL, rq->peer, sizeof(rq->peer));
	memcpy(rq->address, rq->peer, sizeof(rq->address));
	rq->trusted = proxies_trust(&rq->serve->proxies, rq->peer);
	rq->reported = rq->trusted && read_forwarding(rq);
	if (rq->reported && *rq->forwarded_as.client)
		memcpy(rq->address, rq->forwarded_as.client, sizeof(rq->address));
}

const char *origin_agent(const struct request *rq)
{
	const char *agent = request_header(rq, "User-Agent");

	return agent ? agent : "";
}

const char *origin_proxy_header(const struct request *rq)
{
	static const char *const names[] = {
		"Forwarded",          "Via",
		"X-Forwarded-For",    "X-Forwarded-Host",
		"X-Forwarded-Proto",  "X-Forwarded-Port",
		"X-Forwarded-Server", "X-Real-IP",
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (request_header(rq, names[i]))
			return names[i];
	return NULL;
}

bool origin_is_tls(const struct request *rq)
{
	if (rq->reported && rq->forwarded_as.scheme != SCHEME_UNKNOWN)
		return rq->forwarded_as.scheme == SCHEME_HTTPS;
	return rq->serve->conf.tls_cert && strcmp(rq->peer, "unix") != 0;
}

static bool came_twice(const struct request *rq)
{
	static const char *const names[] = {"Host", "Origin", "Sec-Fetch-Site", "Referer"};
	bool twice = false;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct joining j;

		read_header(rq, names[i], &j);
		twice |= j.n > 1;
		buf_finish(&j.out);
	}
	return twice;
}

static struct guard_facts facts_of(const struct request *rq)
{
	return (struct guard_facts){.host = request_header(rq, "Host"),
				    .origin = request_header(rq, "Origin"),
				    .site = request_header(rq, "Sec-Fetch-Site"),
				    .referer = request_header(rq, "Referer"),
				    .peer = rq->peer,
				    .proxy_header = origin_proxy_header(rq),
				    .forwarded_as = rq->reported ? &rq->forwarded_as : NULL,
				    .tls = origin_is_tls(rq),
				    .trusted = rq->trusted,
				    .twice = came_twice(rq)};
}

/* Streams of packets: a foreign page that embeds one as an image would make the browser use up a stream.
 */
static bool is_download(const struct route *r)
{
	return r->right == RIGHT_LOGIN && !(r->flags & ROUTE_LOGIN);
}

/* Routes that change something, or might: commands, what needs more than a login, and everything of plugins. */
static bool is_guarded(const struct route *r)
{
	return (r->flags & (ROUTE_COMMAND | ROUTE_GUARDED)) || r->right >= RIGHT_WEBGPS;
}

unsigned origin_refuse(struct request *rq)
{
	const struct route *r = rq->match.route;
	bool guarded = is_guarded(r), websocket = r->flags & ROUTE_WEBSOCKET, by_name;
	struct guard_facts f;

	/* the browsers' same-origin rule does not cover websockets, and does not keep a page from asking */
	if (!guarded && !websocket && !is_download(r))
		return 0;
	f = facts_of(rq);
	/* RFC 6455, 4.1: a browser's websocket has an Origin; without it, it is a sensor's, under whatever name */
	by_name = guarded && !(websocket && !f.origin && request_header(rq, "Sec-WebSocket-Key"));
	if (guard_page(&rq->serve->guard, &f, rq->refusal) &&
	    (!by_name || guard_host(&rq->serve->guard, &f, rq->refusal)))
		return 0;
	rq->sentence = rq->refusal;
	return 403;
}

bool origin_is_foreign(const struct request *rq)
{
	struct guard_facts f = facts_of(rq);
	char sentence[GUARD_SENTENCE_SIZE];

	return !guard_page(&rq->serve->guard, &f, sentence);
}

bool origin_host_is_loopback(const struct request *rq)
{
	const char *host = request_header(rq, "Host");
	struct authority a;

	if (!host) /* HTTP/1.0: no page asks, for every browser sends one */
		return true;
	return authority_parse(host, &a) && host_kind(a.host) == HOST_LOOPBACK;
}
