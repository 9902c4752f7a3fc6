/* The one guard in front of every route that changes something: no page but the server's own gives commands through a
 * browser. Scripts send none of the headers that browsers add, and pass. Pure; any thread. */
#pragma once
#include "conf/option.h"
#include "serve/proxy.h"

#define GUARD_SENTENCE_SIZE 640

struct guard_conf {
	bool loopback;                           /* the server listens on loopback alone */
	const char *hostname;                    /* of this machine */
	const struct string_list *allowed_hosts; /* that the operator named, "name" or "name:port"; or NULL */
	const char *allowed_origin;              /* the one foreign page that may command, or NULL */
};
/* What a request says about its origin; NULL: nothing. */
struct guard_facts {
	const char *host, *origin, *site, *referer; /* Host, Origin, Sec-Fetch-Site, Referer */
	const char *peer;                           /* address of the other end of the connection */
	const char *proxy_header;                   /* name of one that a proxy has set; NULL: there is none */
	const struct forwarded_as *forwarded_as;    /* from a trusted proxy, or NULL */
	bool tls;                                   /* the connection is encrypted */
	bool trusted;                               /* the other end is a trusted proxy */
	bool twice;                                 /* one of the headers came more than once */
};
/* Whether a page of this server asks, or none does (Origin, Sec-Fetch-Site, Referer). False, with a sentence that says
 * what is wrong and what to do. */
bool guard_page(const struct guard_conf *c, const struct guard_facts *f, char ret_sentence[GUARD_SENTENCE_SIZE]);
/* Whether the server is asked by a name that is its own. A page whose name was made to point here (DNS rebinding) asks
 * by its own name, and cannot ask by an address. */
bool guard_host(const struct guard_conf *c, const struct guard_facts *f, char ret_sentence[GUARD_SENTENCE_SIZE]);
