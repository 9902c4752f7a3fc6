/* Sessions of logins: who is logged in from where, and how to end that. */
#include <stdlib.h>
#include <string.h>

#include "api/api.h"
#include "api/write.h"
#include "base/err.h"
#include "base/limit.h"
#include "base/mem.h"
#include "serve/access.h"
#include "serve/reply.h"
#include "serve/request.h"
#include "serve/route.h"
#include "serve/server.h"

#define S struct session_info
static const struct field session_rows[] = {
	FIELD(S, "norn.session.id", id, "Identifies the session, for ending it; not secret."),
	FIELD(S, "norn.session.name", name, "Name of the login."),
	FIELD(S, "norn.session.role", role, "Role."),
	FIELD(S, "norn.session.address", address, "Address from which it began."),
	FIELD(S, "norn.session.agent", agent, "User-Agent of its browser or script."),
	FIELD(S, "norn.session.created", created, "Second when it began."),
	FIELD(S, "norn.session.accessed", accessed, "Second when it was last used."),
	FIELD(S, "norn.session.current", current, "It is the session of this request.", .type = "uint8_t"),
};
static struct field_table session_table = FIELD_TABLE(S, "session", session_rows);

static void all_sessions(struct request *rq, struct reply *rp)
{
	uint32_t most = (uint32_t) limit_of(LIMIT_SESSIONS);
	struct session_info *all = xnew(struct session_info, most);
	uint32_t n = serve_session_list(request_serve(rq), all, most);

	for (uint32_t i = 0; i < n; i++)
		all[i].current = strcmp(all[i].id, request_session(rq)) == 0;
	api_write_list(rq, rp, &session_table, all, n);
	free(all);
}

static void end_session(struct request *rq, struct reply *rp)
{
	if (serve_session_end(request_serve(rq), request_param(rq, "id")) < 0)
		reply_error(rp, 404, "There is no session with that id.");
	else
		api_done(rq, rp, "ended");
}

/* clang-format off */
static const struct route routes[] = {
	{.methods = METHOD_BOTH, .path = "/session/all_sessions", .formats = "*", .right = RIGHT_ADMIN,
	 .handle = all_sessions, .record = &session_table, .shape = SHAPE_LIST,
	 .doc = "Who is logged in, from where and since when."},
	{.methods = METHOD_POST, .path = "/session/by-id/{id}/end_session", .formats = "cmd,json",
	 .right = RIGHT_ADMIN, .handle = end_session, .record = &api_done_table, .shape = SHAPE_RECORD,
	 .flags = ROUTE_COMMAND | ROUTE_WORK,
	 .refusals = {{404, "no session has that id"}},
	 .doc = "Ends one session; its client has to log in again."},
};
/* clang-format on */
const struct route_table api_login_sessions_routes = {.routes = routes, .n = ARRAY_SIZE(routes)};
