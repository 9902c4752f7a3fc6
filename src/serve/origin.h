/* Private to serve: the origin of a request: which client, under which host name, from which page. */
#pragma once
#include <stdbool.h>

struct request;

/* Sets the request's client: the peer, or the client that a trusted proxy names. */
void origin_note(struct request *rq);
/* 0, or 403 with rq->sentence: the guard of routes that change something. */
unsigned origin_refuse(struct request *rq);
/* Whether the client's connection, to a proxy or to norn, is encrypted. */
bool origin_is_tls(const struct request *rq);
/* The name of the header by which a proxy, trusted or not, names another client, or NULL. */
const char *origin_proxy_header(const struct request *rq);
/* The client's User-Agent; "" when it has none. */
const char *origin_agent(const struct request *rq);
/* A page of another site asks through a browser. */
bool origin_is_foreign(const struct request *rq);
/* The Host header names this machine by loopback, or there is none. */
bool origin_host_is_loopback(const struct request *rq);
