/* The HTTP mechanism: connections, routes, logins and replies, on libmicrohttpd's thread pool. It knows no endpoint;
 * `api` hands in tables of routes. This is the server as a whole, for the app and for endpoints that report on it;
 * handlers have request.h and reply.h. */
#pragma once
#include "serve/options.h"
#include "serve/route.h"
#include "serve/session.h"

struct serve;

/* 0, or negative with a logged reason. The configuration's texts are not copied: they outlive the server. */
int serve_start(const struct serve_conf *conf, struct serve **ret_serve);
uint16_t serve_port(const struct serve *s);
/* Closes connections whose request does not come, writes sessions to their file, and checks whether the login was set
 * meanwhile (norn --set-password). About once a second, one thread. */
void serve_tick(struct serve *s);
/* Ends streams and connections, in about two seconds at most; then no handler runs. */
void serve_stop(struct serve *s);
/* Every route of the server. */
const struct route_table *const *serve_tables(const struct serve *s);

struct serve_counts {
	uint64_t requests, errors, connections, refused;
	uint32_t open_connections, streams, sessions, websockets;
};
void serve_count(struct serve *s, struct serve_counts *ret_counts);
/* How many requests of a method the route of that number, route_at(), has answered with a status below 400. */
uint64_t serve_answered(const struct serve *s, size_t route, enum method method);

/* Copies the sessions that were listed or that were used again; how many. */
uint32_t serve_session_list(struct serve *s, struct session_info *ret_infos, uint32_t max);
/* ERR_NOT_FOUND when there is none of that id. */
int serve_session_end(struct serve *s, const char *id);

/* Makes an API key; ERR_EXISTS for a name in use, ERR_LIMIT when there are too many. */
int serve_key_create(struct serve *s, const char *name, const char *role, uint64_t seconds, char ret_token[TOKEN_SIZE]);
int serve_key_revoke(struct serve *s, const char *name);
uint32_t serve_key_list(struct serve *s, struct api_key *ret_keys, uint32_t max);
