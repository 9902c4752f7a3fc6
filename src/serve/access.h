/* Authentication and authorization of requests. */
#pragma once
#include <stdbool.h>

#include "serve/login.h"

struct request;

/* The id of its session; "" when it came without the token of one. */
const char *request_session(const struct request *rq);
/* True if the request's own Basic login (or user= and password=) is right; cookies do not count. */
bool request_basic_login(struct request *rq);
/* Ends the session whose token came with the request, and removes the client's cookie; the login's other sessions
 * continue. */
void request_end_session(struct request *rq);

/* For serve itself. */
/* Authenticates the caller: token, Basic login, user= and password=. UNPROVEN when a password must be hashed first,
 * LATER when its client has made too many guesses. */
enum login_result access_identify(struct request *rq);
void access_prove(struct request *rq);
/* Suspends a request whose client has to wait with its guess, for its turn; false when it need not, or waited enough.
 */
bool access_wait(struct request *rq);
/* Suspends a reply to a wrong login for a while; false when there is no need to. */
bool access_hold_back(struct request *rq);
/* 0, or the status that refuses, with rq->sentence. */
unsigned access_refuse(struct request *rq);
