/* The request that a handler answers. Texts live until the handler returns. */
#pragma once
#include <stddef.h>

#include "base/json_in.h"
#include "serve/route.h"

struct serve;

const char *request_param(const struct request *rq, const char *name); /* of the path; NULL: none */
/* Path steps behind the extension, "a/b"; "" when there are none. */
const char *request_subpath(const struct request *rq);
/* A form or query variable; NULL: none. */
const char *request_variable(const struct request *rq, const char *name);
size_t request_variables(const struct request *rq);
const char *request_variable_at(const struct request *rq, size_t i, const char **ret_name);
/* The command, an object: the form or query variable `json`, or a JSON body; NULL when there is none. Malformed
 * commands never reach a handler. */
const struct json_in *request_command(const struct request *rq);
struct reply_format request_format(const struct request *rq);
/* A text argument: the command's member, a number as its text, or the form variable of that name; NULL: none. */
const char *request_text(struct request *rq, const char *name);
const struct route *request_route(const struct request *rq); /* that it matched */
void *request_context(const struct request *rq);             /* serve_conf.ctx */
struct serve *request_serve(const struct request *rq);
const char *request_address(const struct request *rq); /* of the client, as text */
/* The name of the login, "" without one. */
const char *request_login(const struct request *rq);
const char *request_role(const struct request *rq);

/* For serve itself. */
const char *request_header(const struct request *rq, const char *name);
/* Takes the query off the request's target before the library splits it, as that has room for few variables, and none
 * to say so. */
void request_take_query(struct request *rq, char *target);
/* Query, form and JSON into variables and command; sets fault when they cannot be read. */
void request_read_query(struct request *rq);
void request_read_body(struct request *rq);
void request_finish(struct request *rq);
