/* The administrator's login: its first setting and its changes, for the endpoints that manage it. */
#pragma once
#include <stddef.h>

#include "serve/login.h"

struct request;
struct serve;

enum login_state serve_login_state(struct serve *s);
/* Sets the login; ERR_DENIED when it is global, ERR_MALFORMED for an empty name or password, else
 * what writing the file gave. */
int serve_set_password(struct serve *s, const char *username, const char *password);
/* A sentence on where the token of the first password is found. */
void serve_setup_where(const struct serve *s, char *ret_sentence, size_t size);
/* Sets the login in auth_file of that configuration, with no server running or beside one. As serve_set_password(). */
int serve_keep_password(const struct serve_conf *conf, const char *username, const char *password);
/* Checks the proof of who may set the login. Each counts as a guess of a password, and only routes of ROUTE_WORK
 * ask, as hashing takes its time. */
enum claim { CLAIM_RIGHT, CLAIM_WRONG, CLAIM_LATER /* too many guesses lately */ };
enum claim request_claim_token(struct request *rq, const char *token); /* of the first password */
enum claim request_claim_password(struct request *rq, const char *password);

/* For serve itself. */
/* Reads the login and its sessions, silently; then reports the token of the first password, once it is known that the
 * server serves. */
void owner_start(struct serve *s);
void owner_ask(struct serve *s);
void owner_stop(struct serve *s);
void owner_tick(struct serve *s);
