/* Sessions of logins: who is logged in from where, and how to end that. */
#include <stdlib.h>
#include <string.h>

#include "api/api.h"
#include "base/err.h"
#include "base/mem.h"

#define LISTED_MAX 1024

#define S struct session_info
static const struct field session_rows[] = {
	FIELD(S, "norn.session.id", id, "By which it is ended; no secret."),
	FIELD(S, "norn.session.name", name, "Name of the login."),
	FIELD(S, "norn.session.role", role, "What it may do."),
	FIELD(S, "norn.session.address", address, "Address from which it began."),
	FIELD(S, "norn.session.agent", agent, "What its browser or script calls itself."),
	FIELD(S, "norn.session.created", created, "Second it began."),
	FIELD(S, "norn.session.accessed", accessed, "Second it was used last."),
	FIELD(S, "norn.session.current", current, "It is the one that asks.", .type = "uint8_t"),
};
static struct field_table session_table = FIELD_TABLE(S, "session", session_rows);

static void all_sessions(struct request *rq, struct reply *rp)
{
	struct session_info *all = xnew(struct session_info, LISTED_MAX);
	uint32_t n = serve_session_list(request_serve(rq), all, LISTED_MAX);

	for (uint32_t i = 0; i < n; i++)
		all[i].current = strcmp(all[i].id, request_session(rq)) == 0;
	api_write_list(rq, rp, &session_table, all, n);
	free(all);
}

static void end_session(struct request *rq, struct reply *rp)
{
	if (serve_session_end(request_serve(rq), request_param(rq, "id")) < 0)
		reply_error(rp, 404, "There is no session of that id.");
	else
		api_done(rq, rp, "ended");
}

static const struct route routes[] = {
	{METHOD_BOTH, "/session/all_sessions", "*", RIGHT_ADMIN, all_sessions, &session_table,
	 "Who is logged in, from where and since when.", SHAPE_LIST},
	{METHOD_POST, "/session/by-id/{id}/end_session", "cmd,json", RIGHT_ADMIN, end_session, &api_done_table,
	 "Ends one session; its client has to log in again.", SHAPE_RECORD, ROUTE_COMMAND | ROUTE_WORK},
};
const struct route_table api_login_sessions_routes = {.routes = routes, .n = ARRAY_SIZE(routes)};
