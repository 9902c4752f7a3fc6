/* Sessions and Logins: checks of logins, setting the login, and API keys. */
#include <stdlib.h>
#include <string.h>

#include "api/api.h"
#include "api/write.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/limit.h"
#include "base/log.h"
#include "base/mem.h"
#include "serve/access.h"
#include "serve/argument.h"
#include "serve/owner.h"
#include "serve/reply.h"
#include "serve/request.h"
#include "serve/route.h"
#include "serve/server.h"
#include "serve/session.h"

#define SENTENCE_SIZE 512

static void check_session(struct request *rq, struct reply *rp)
{
	(void) rq;
	reply_type(rp, "text/plain; charset=utf-8");
	buf_str(reply_buf(rp), "Session valid\n");
}

/* Ignores cookies. The route is open, so that a wrong login is 403 and not a prompt. */
static void check_login(struct request *rq, struct reply *rp)
{
	if (!request_basic_login(rq)) {
		reply_error(rp, 403, "Invalid login");
		return;
	}
	reply_type(rp, "text/plain; charset=utf-8");
	buf_str(reply_buf(rp), "Login valid\n");
}

static void logout(struct request *rq, struct reply *rp)
{
	request_end_session(rq);
	reply_type(rp, "text/plain; charset=utf-8");
	buf_str(reply_buf(rp), "Logged out\n");
}

static void check_setup(struct request *rq, struct reply *rp)
{
	static const unsigned status[] = {[LOGIN_UNSET] = 500, [LOGIN_FILE] = 200, [LOGIN_GLOBAL] = 406};
	static const char *const text[] = {
		[LOGIN_UNSET] = "Login not configured\n",
		[LOGIN_FILE] = "Login configured in user config\n",
		[LOGIN_GLOBAL] = "Login configured globally\n",
	};
	enum login_state state = serve_login_state(request_serve(rq));
	char where[SENTENCE_SIZE];

	reply_type(rp, "text/plain; charset=utf-8");
	reply_status(rp, status[state]);
	buf_str(reply_buf(rp), text[state]);
	if (state != LOGIN_UNSET)
		return;
	serve_setup_where(request_serve(rq), where, sizeof(where));
	buf_printf(reply_buf(rp), "%s\n", where);
}

/* The first password needs the token; false, and replied, when it did not come. */
static bool may_set_first(struct request *rq, struct reply *rp)
{
	const char *token = request_variable(rq, "token");
	enum claim claim = token && *token ? request_claim_token(rq, token) : CLAIM_WRONG;
	char where[SENTENCE_SIZE];

	if (claim == CLAIM_RIGHT)
		return true;
	serve_setup_where(request_serve(rq), where, sizeof(where));
	if (claim == CLAIM_LATER)
		reply_error(rp, 429, "Too many wrong tokens and logins came lately; try again in a few seconds.");
	else if (token && *token)
		reply_error(rp, 403, "The token is wrong. %s", where);
	else
		reply_error(rp, 403, "%s Send it as the form field 'token', as norn's own page does.", where);
	if (!token) /* Kismet's pages have no field for it; they refer the user to the log and show messages */
		log_warning("The first login was not set. %s", where);
	return false;
}

/* A change needs the old password, by Basic or as a field of the form: a session alone may be in other hands. With the
 * old password no session is needed; a session of a lesser role gains nothing by it. */
static bool may_change(struct request *rq, struct reply *rp)
{
	const char *old = request_variable(rq, "old_password"), *role = request_role(rq);
	enum claim claim = CLAIM_WRONG;

	if (request_basic_login(rq))
		return true;
	if (old && (!*role || strcmp(role, "admin") == 0))
		claim = request_claim_password(rq, old);
	if (claim == CLAIM_LATER)
		reply_error(rp, 429, "Too many wrong logins came lately; try again in a few seconds.");
	else if (claim == CLAIM_WRONG && old)
		reply_error(rp, 403, "The old password is wrong, or this is no administrator's session.");
	else if (claim == CLAIM_WRONG)
		reply_error(
			rp, 403,
			"The login is set; changing it needs the present password, by Basic authentication or as the "
			"form field 'old_password'. 'norn --set-password' on that machine needs none.");
	return claim == CLAIM_RIGHT;
}

static void set_password(struct request *rq, struct reply *rp)
{
	struct serve *s = request_serve(rq);
	enum login_state state = serve_login_state(s);
	const char *user = request_variable(rq, "username"), *word = request_variable(rq, "password");
	int r;

	if (state == LOGIN_GLOBAL) {
		reply_error(rp, 403, "The login is set in the main configuration and is changed there.");
		return;
	}
	if (!user || !*user || !word || !*word) {
		reply_error(rp, 400, "Expected the form fields 'username' and 'password', not empty.");
		return;
	}
	if (!(state == LOGIN_UNSET ? may_set_first(rq, rp) : may_change(rq, rp)))
		return;
	r = serve_set_password(s, user, word);
	if (r == ERR_MALFORMED)
		reply_error(rp, 400, "The name or the password is too long, or the name holds ':' or a line's end.");
	else if (r < 0)
		reply_error(rp, 500, "The login could not be saved: %s.", err_text(r));
	else
		buf_str(reply_buf(rp), "OK\n");
}

#define K struct api_key
static const struct field key_rows[] = {
	FIELD(K, "kismet.httpd.auth.name", name, "Name of the API key."),
	FIELD(K, "kismet.httpd.auth.role", role, "Role."),
	FIELD(K, "kismet.httpd.auth.expiration", expires, "Second when it ends; 0: never."),
	FIELD(K, "kismet.httpd.auth.token", token,
	      "The key; empty for one of an earlier run, of which only the hash is kept."),
};
static struct field_table key_table = FIELD_TABLE(K, "API key", key_rows);

static const char *const roles[] = {"readonly", "admin", "datasource", "WEBGPS", "scanreport", "ADSB"};

static void refuse_role(struct reply *rp, const char *role)
{
	struct buf known = {0};

	for (size_t i = 0; i < ARRAY_SIZE(roles); i++)
		buf_printf(&known, "%s%s", i ? ", " : "", roles[i]);
	reply_error(rp, 400, "There is no role '%.64s'; known: %s.", role, buf_text(&known));
	buf_finish(&known);
}

static bool known_role(const char *role)
{
	for (size_t i = 0; i < ARRAY_SIZE(roles); i++)
		if (strcmp(role, roles[i]) == 0)
			return true;
	return false;
}

/* `.json` is the key's record, `.cmd` the bare token, as Kismet's page puts it into its list. */
static void reply_key(struct request *rq, struct reply *rp, const char *name, const char *role, int64_t seconds,
		      const char *token)
{
	uint64_t now = clock_server_sec();
	struct api_key k = {.created = now, .expires = seconds > 0 ? now + (uint64_t) seconds : 0};

	if (request_route(rq)->shape == SHAPE_TEXT) {
		reply_type(rp, "text/plain; charset=utf-8");
		buf_str(reply_buf(rp), token);
		return;
	}
	(void) snprintf(k.name, sizeof(k.name), "%s", name);
	(void) snprintf(k.role, sizeof(k.role), "%s", role);
	(void) snprintf(k.token, sizeof(k.token), "%s", token);
	api_write_record(rq, rp, &key_table, &k);
	explicit_bzero(&k, sizeof(k));
}

static void generate_key(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	const char *name = request_text(rq, "name"), *role = request_text(rq, "role");
	char token[TOKEN_SIZE];
	int64_t seconds = 0;
	int r;

	if (!api->conf->allow_auth_creation) {
		reply_error(rp, 403, "API keys cannot be made: httpd_allow_auth_creation=false in the configuration.");
		return;
	}
	(void) json_in_whole(json_in_get(request_command(rq), "duration"), &seconds);
	if (!known_role(role)) {
		refuse_role(rp, role);
		return;
	}
	r = serve_key_create(request_serve(rq), name, role, seconds > 0 ? (uint64_t) seconds : 0, token);
	if (r == ERR_EXISTS)
		reply_error(rp, 400, "There is already an API key with that name.");
	else if (r < 0)
		reply_error(rp, 400, "The API key cannot be made: its name %s.", err_text(r));
	else
		reply_key(rq, rp, name, role, seconds, token);
	explicit_bzero(token, sizeof(token));
}

static void revoke_key(struct request *rq, struct reply *rp)
{
	const char *name = request_text(rq, "name");

	if (serve_key_revoke(request_serve(rq), name) < 0)
		reply_error(rp, 404, "There is no API key with that name.");
	else
		api_done(rq, rp, "revoked");
}

static void list_keys(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	uint32_t most = (uint32_t) limit_of(LIMIT_SESSIONS); /* keys are among them */
	struct api_key *keys = xnew(struct api_key, most);
	uint32_t n = serve_key_list(request_serve(rq), keys, most);

	for (uint32_t i = 0; i < n && !api->conf->allow_auth_view; i++)
		keys[i].token[0] = '\0';
	api_write_list(rq, rp, &key_table, keys, n);
	explicit_bzero(keys, most * sizeof(*keys));
	free(keys);
}

/* clang-format off */
static const struct argument key_arguments[] = {
	{.name = "name", .type = ARGUMENT_TEXT, .needed = true, .doc = "Name of the key."},
	{.name = "role", .type = ARGUMENT_NAME, .needed = true, .doc = "Role."},
	{.name = "duration", .type = ARGUMENT_WHOLE, .doc = "Seconds after which it ends; 0: never."},
	{.name = NULL},
};
/* clang-format on */
/* clang-format off */
static const struct argument revoke_arguments[] = {
	{.name = "name", .type = ARGUMENT_TEXT, .needed = true, .doc = "Name of the key."},
	{.name = NULL},
};
/* clang-format on */
#define GET METHOD_GET
#define POST METHOD_POST
#define COMMAND (ROUTE_COMMAND | ROUTE_WORK)
/* clang-format off */
static const struct route routes[] = {
	{.methods = GET, .path = "/session/check_session", .right = RIGHT_LOGIN, .handle = check_session,
	 .shape = SHAPE_TEXT, .flags = ROUTE_LOGIN,
	 .doc = "Whether the session or login is valid."},
	{.methods = GET, .path = "/session/check_login", .right = RIGHT_OPEN, .handle = check_login,
	 .shape = SHAPE_TEXT, .flags = ROUTE_WORK,
	 .refusals = {{403, "the login is wrong"}},
	 .doc = "Whether the request's own Basic login is right; cookies do not count."},
	{.methods = POST, .path = "/session/logout", .right = RIGHT_OPEN, .handle = logout, .shape = SHAPE_TEXT,
	 .flags = ROUTE_GUARDED,
	 .doc = "Ends the session on the server, and removes its cookie from this client."},
	{.methods = GET, .path = "/session/check_setup_ok", .right = RIGHT_OPEN, .handle = check_setup,
	 .shape = SHAPE_TEXT,
	 .refusals = {{406, "the login is in the configuration"}, {500, "there is no login"}},
	 .doc = "Whether a user has set the login."},
	{.methods = POST, .path = "/session/set_password", .right = RIGHT_OPEN, .handle = set_password,
	 .shape = SHAPE_TEXT, .flags = COMMAND,
	 .refusals = {{403, "the token or the old password is wrong, or the login is in the configuration"}, {500, "the login could not be saved"}},
	 .doc = "Sets the login: for the first time with the server's 'token', later with the 'old_password'."},
	{.methods = POST, .path = "/auth/apikey/generate", .formats = "cmd", .right = RIGHT_ADMIN,
	 .handle = generate_key, .shape = SHAPE_TEXT, .flags = COMMAND, .arguments = key_arguments,
	 .refusals = {{400, "there is no such role, or a key has that name"}, {403, "httpd_allow_auth_creation=false"}},
	 .doc = "Makes an API key and returns it."},
	{.methods = POST, .path = "/auth/apikey/generate", .formats = "json", .right = RIGHT_ADMIN,
	 .handle = generate_key, .record = &key_table, .shape = SHAPE_RECORD, .flags = COMMAND,
	 .arguments = key_arguments,
	 .refusals = {{400, "there is no such role, or a key has that name"}, {403, "httpd_allow_auth_creation=false"}},
	 .doc = "Makes an API key: its record."},
	{.methods = POST, .path = "/auth/apikey/revoke", .formats = "cmd", .right = RIGHT_ADMIN,
	 .handle = revoke_key, .record = &api_done_table, .shape = SHAPE_RECORD, .flags = COMMAND,
	 .arguments = revoke_arguments,
	 .refusals = {{404, "no API key has that name"}},
	 .doc = "Ends an API key."},
	{.methods = METHOD_BOTH, .path = "/auth/apikey/list", .formats = "*", .right = RIGHT_ADMIN,
	 .handle = list_keys, .record = &key_table, .shape = SHAPE_LIST,
	 .doc = "The API keys."},
};
/* clang-format on */
const struct route_table api_session_routes = {.routes = routes, .n = ARRAY_SIZE(routes)};
