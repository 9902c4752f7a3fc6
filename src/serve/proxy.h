/* Reverse proxies that the operator trusts, and what they say of the client behind them: Forwarded (RFC 7239) and the
 * older X-Forwarded-For, -Host, -Proto and -Port. Any thread. */
#pragma once
#include <netinet/in.h>
#include <stdbool.h>

#include "serve/authority.h"

#define PROXIES_MAX 64

struct proxies {
	unsigned n;
	struct {
		struct in6_addr address; /* IPv4 as ::ffff:a.b.c.d */
		unsigned bits;           /* of it that count */
	} rules[PROXIES_MAX];
	bool unix_socket; /* who comes by the Unix socket is one */
};
/* Adds "192.0.2.1", "10.0.0.0/8", "2001:db8::/32" or "unix"; false when it is none of these, or there are too many. */
bool proxies_add(struct proxies *p, const char *text);
/* Whether the address, as text or "unix", is one of them. */
bool proxies_trust(const struct proxies *p, const char *address);

/* The headers; one that came several times is joined by commas. NULL: it did not come. */
struct forwarding {
	const char *forwarded, *client, *host, *proto, *port;
};
enum forwarded_scheme { SCHEME_UNKNOWN, SCHEME_HTTP, SCHEME_HTTPS };
/* The connection that a request came by. */
struct forwarded_as {
	char client[64];       /* its address as text, or the proxy's name for it; "": the proxy's own */
	struct authority host; /* that the client asked for; host "": as the Host header says */
	uint16_t port;         /* 0: not given */
	uint8_t scheme;        /* enum forwarded_scheme */
};
/* Reads the headers of a trusted proxy. Of a list of addresses the last that is no trusted proxy counts, as everything
 * before it is untrusted. Where Forwarded and X-Forwarded-For disagree one of them is the client's own invention, and
 * neither is believed. */
void forwarding_read(const struct forwarding *f, const struct proxies *trusted, struct forwarded_as *ret);
