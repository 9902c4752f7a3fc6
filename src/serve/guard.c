#include "serve/guard.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "serve/authority.h"

#define CURE                                                                                                           \
	" It came through a proxy at %s (%s): httpd_trusted_proxy=%s in the configuration makes norn trust what that " \
	"proxy says; see doc/proxy.md."

/* Of a page on another port of the same host, as with nginx's "Host $host" and none of its other headers. */
#define CURE_UNSAID                                                                                                    \
	" If a reverse proxy at %s serves it, set httpd_trusted_proxy=%s in the configuration, and have the proxy "    \
	"send "                                                                                                        \
	"X-Forwarded-Host; see doc/proxy.md."

/* The authority that the client asked for; port 0: unknown, any matches. */
static struct authority find_own(const struct guard_facts *f)
{
	const struct forwarded_as *w = f->forwarded_as;
	struct authority own = {0};

	if (w && *w->host.host)
		own = w->host;
	else if (!f->host || !authority_parse(f->host, &own))
		return (struct authority){0};
	if (!own.port && w)
		own.port = w->port;
	if (!own.port && !f->trusted) /* proxies often leave it out of Host */
		own.port = f->tls ? 443 : 80;
	return own;
}

/* The URL, of which only its origin counts, is this server's. Schemes are not compared beyond their standard ports: one
 * port speaks one of them, and libraries for websockets say http where they mean https. */
static bool is_own(const struct authority *own, const char *url)
{
	struct authority a;
	bool tls;

	return authority_of_url(url, &a, &tls) && strcmp(a.host, own->host) == 0 && (!own->port || a.port == own->port);
}

static bool is_allowed(const struct guard_conf *c, const char *url)
{
	struct authority a, b;
	bool a_tls, b_tls;

	return c->allowed_origin && authority_of_url(url, &a, &a_tls) &&
	       authority_of_url(c->allowed_origin, &b, &b_tls) && strcmp(a.host, b.host) == 0 && a.port == b.port &&
	       a_tls == b_tls;
}

static bool is_other_port(const struct guard_facts *f)
{
	struct authority a, own = find_own(f);
	bool tls;

	return f->origin && authority_of_url(f->origin, &a, &tls) && strcmp(a.host, own.host) == 0;
}

static bool refuse(const struct guard_facts *f, char ret_sentence[GUARD_SENTENCE_SIZE], const char *sentence)
{
	int n = snprintf(ret_sentence, GUARD_SENTENCE_SIZE, "%s", sentence);

	if (f->proxy_header && !f->trusted && n >= 0 && n < GUARD_SENTENCE_SIZE)
		(void) snprintf(ret_sentence + n, GUARD_SENTENCE_SIZE - (size_t) n, CURE, f->peer, f->proxy_header,
				f->peer);
	else if (is_other_port(f) && !f->trusted && n >= 0 && n < GUARD_SENTENCE_SIZE)
		(void) snprintf(ret_sentence + n, GUARD_SENTENCE_SIZE - (size_t) n, CURE_UNSAID, f->peer, f->peer);
	return false;
}

bool guard_page(const struct guard_conf *c, const struct guard_facts *f, char ret_sentence[GUARD_SENTENCE_SIZE])
{
	bool allowed = f->origin && is_allowed(c, f->origin);
	struct authority own = find_own(f);

	if (f->twice)
		return refuse(f, ret_sentence, "Host, Origin, Referer and Sec-Fetch-Site may come once.");
	if (f->origin && !allowed && !is_own(&own, f->origin))
		return refuse(f, ret_sentence,
			      "Commands are taken from this server's own pages only, and this Origin is another.");
	if (f->site && !allowed && strcmp(f->site, "none") != 0 && strcmp(f->site, "same-origin") != 0)
		return refuse(f, ret_sentence,
			      "Commands are taken from this server's own pages only; the browser says that another "
			      "page asks.");
	if (f->referer && *f->referer && !is_own(&own, f->referer) && !is_allowed(c, f->referer))
		return refuse(f, ret_sentence,
			      "Commands are taken from this server's own pages only, and this Referer is another.");
	return true;
}

static bool is_named(const struct guard_conf *c, const struct authority *host)
{
	struct authority named;

	for (size_t i = 0; c->allowed_hosts && i < c->allowed_hosts->n; i++)
		if (authority_parse(c->allowed_hosts->items[i], &named) && strcmp(named.host, host->host) == 0 &&
		    (!named.port || named.port == host->port))
			return true;
	return false;
}

/* "sensor" or "sensor.example.org", as the machine is called, and "sensor.lan" and the like, which cannot be registered
 * in the public DNS. */
static bool is_this_machine(const struct guard_conf *c, const char *host)
{
	static const char *const domains[] = {"local", "lan", "home", "home.arpa", "internal", "localdomain"};
	size_t n = c->hostname ? strcspn(c->hostname, ".") : 0;

	if (!n)
		return false;
	if (strcasecmp(host, c->hostname) == 0)
		return true;
	if (strncasecmp(host, c->hostname, n) != 0 || (host[n] && host[n] != '.'))
		return false;
	for (size_t i = 0; host[n] && i < sizeof(domains) / sizeof(domains[0]); i++)
		if (strcmp(host + n + 1, domains[i]) == 0)
			return true;
	return !host[n];
}

bool guard_host(const struct guard_conf *c, const struct guard_facts *f, char ret_sentence[GUARD_SENTENCE_SIZE])
{
	char text[GUARD_SENTENCE_SIZE / 2 + 64];
	struct authority host;

	if (f->trusted && f->forwarded_as) /* the proxy decides which names lead here */
		return true;
	if (!f->host || !authority_parse(f->host, &host))
		return refuse(f, ret_sentence, "A command needs a Host header that names this server.");
	switch (host_kind(host.host)) {
	case HOST_LOOPBACK: return true;
	case HOST_ADDRESS:
		if (!c->loopback)
			return true;
		break;
	case HOST_NAME: break;
	}
	if (is_named(c, &host) || is_this_machine(c, host.host))
		return true;
	(void) snprintf(text, sizeof(text),
			"Commands are not taken under the name '%.80s', which may belong to someone else: "
			"httpd_allowed_host=%.80s in the configuration allows it.",
			host.host, host.host);
	return refuse(f, ret_sentence, text);
}
