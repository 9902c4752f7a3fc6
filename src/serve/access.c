/* Who asks, and whether they may. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "serve/request.h"

/* The token of "KISMET=...": as a cookie, whose attributes some clients send back, or as a variable. */
static bool find_token(const struct request *rq, char ret_token[TOKEN_SIZE])
{
	const char *cookie = request_header(rq, "Cookie"), *value = NULL;
	size_t n;

	for (const char *p = cookie; p; p = strchr(p, ';') ? strchr(p, ';') + 1 : NULL) {
		p += strspn(p, " \t");
		if (strncmp(p, "KISMET=", 7) == 0)
			value = p + 7;
	}
	if (!value)
		value = request_variable(rq, "KISMET");
	if (!value)
		return false;
	value += *value == '"';
	n = strcspn(value, ";\" \t");
	if (n != TOKEN_SIZE - 1)
		return false;
	memcpy(ret_token, value, n);
	ret_token[n] = '\0';
	return true;
}

/* Basic credentials, or the variables user and password. */
static void find_password(struct request *rq)
{
	char *password = NULL, *user;

	if (rq->user)
		return;
	user = MHD_basic_auth_get_username_password(rq->connection, &password);
	if (user && password) {
		rq->user = xstrdup(user);
		rq->password = xstrdup(password);
	} else if (request_variable(rq, "user") && request_variable(rq, "password")) {
		rq->user = xstrdup(request_variable(rq, "user"));
		rq->password = xstrdup(request_variable(rq, "password"));
	}
	MHD_free(user);
	MHD_free(password);
}

static void be(struct request *rq, const char *name, const char *role)
{
	(void) snprintf(rq->name, sizeof(rq->name), "%s", name);
	(void) snprintf(rq->role, sizeof(rq->role), "%s", role);
}

static void note_basic(struct request *rq, bool right)
{
	rq->basic_known = true;
	rq->basic_right = right;
	if (right && !rq->token_right)
		be(rq, rq->user, "admin");
}

enum login_result access_identify(struct request *rq)
{
	struct api_key key;
	char token[TOKEN_SIZE];
	enum login_result r;

	if (!rq->token_right && find_token(rq, token) && sessions_find(rq->serve->sessions, token, &key)) {
		rq->token_right = true;
		be(rq, key.name, key.role);
	}
	find_password(rq);
	if (!rq->user)
		return rq->token_right ? LOGIN_RIGHT : LOGIN_WRONG;
	if (!rq->basic_known) {
		r = logins_known(rq->serve->logins, rq->user, rq->password);
		if (r == LOGIN_UNPROVEN)
			return r;
		note_basic(rq, r == LOGIN_RIGHT);
	}
	return rq->basic_right || rq->token_right ? LOGIN_RIGHT : LOGIN_WRONG;
}

void access_prove(struct request *rq)
{
	if (rq->user && !rq->basic_known)
		note_basic(rq, logins_prove(rq->serve->logins, rq->user, rq->password));
}

bool request_basic_login(struct request *rq)
{
	return rq->basic_known && rq->basic_right;
}

void request_end_session(struct request *rq)
{
	rq->cookie_ends = true;
}

/* "127.1.2.3": four numbers, the first 127, and nothing else. */
static bool is_loopback_ipv4(const char *host, size_t n)
{
	unsigned a, b, c, d;
	char text[20];
	int used = 0;

	if (n >= sizeof(text))
		return false;
	memcpy(text, host, n);
	text[n] = '\0';
	return sscanf(text, "%3u.%3u.%3u.%3u%n", &a, &b, &c, &d, &used) == 4 && (size_t) used == n && a == 127 &&
	       b < 256 && c < 256 && d < 256;
}

/* The Host header names this machine, so no page of a foreign name asks through a browser. */
static bool host_is_loopback(const char *host)
{
	size_t n;

	if (!host)
		return false;
	if (*host == '[')
		n = strcspn(host, "]") + (strchr(host, ']') != NULL);
	else
		n = strcspn(host, ":");
	if (host[n] == ':' && strspn(host + n + 1, "0123456789") != strlen(host + n + 1))
		return false;
	if (host[n] != ':' && host[n] != '\0')
		return false;
	return (n == 9 && strncasecmp(host, "localhost", n) == 0) || (n == 5 && strncmp(host, "[::1]", n) == 0) ||
	       is_loopback_ipv4(host, n);
}

/* A proxy says that somebody else asks. */
static bool is_forwarded(const struct request *rq)
{
	static const char *const names[] = {
		"Forwarded",          "Via",
		"X-Forwarded-For",    "X-Forwarded-Host",
		"X-Forwarded-Proto",  "X-Forwarded-Port",
		"X-Forwarded-Server", "X-Real-IP",
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (request_header(rq, names[i]))
			return true;
	return false;
}

static bool may_read_unknown(const struct request *rq)
{
	const struct serve *s = rq->serve;

	if (s->conf.require_login == LOGIN_ALWAYS)
		return false;
	if (s->conf.require_login == LOGIN_NEVER)
		return true;
	return s->loopback && host_is_loopback(request_header(rq, "Host")) && !is_forwarded(rq);
}

static bool origin_is_ours(const struct request *rq)
{
	const char *origin = request_header(rq, "Origin"), *host = request_header(rq, "Host");
	const char *name = origin ? strstr(origin, "://") : NULL;
	const char *allowed = rq->serve->conf.allowed_origin;

	if (!origin || (name && host && strcmp(name + 3, host) == 0))
		return true;
	return rq->serve->conf.allow_cors && allowed && strcmp(origin, allowed) == 0;
}

static bool role_may(const char *role, enum right right)
{
	static const char *const roles[] = {[RIGHT_WEBGPS] = "WEBGPS",
					    [RIGHT_REPORT] = "scanreport",
					    [RIGHT_SOURCE] = "datasource",
					    [RIGHT_ADSB] = "ADSB"};

	if (strcmp(role, "admin") == 0 || right == RIGHT_READ || right == RIGHT_LOGIN)
		return true;
	if (right == RIGHT_ADSB && strcmp(role, "readonly") == 0)
		return true;
	return right < ARRAY_SIZE(roles) && roles[right] && strcmp(role, roles[right]) == 0;
}

static unsigned refuse(struct request *rq, unsigned status, const char *sentence)
{
	rq->sentence = sentence;
	return status;
}

unsigned access_refuse(struct request *rq)
{
	enum right right = rq->match.route->right;

	/* the same-origin rule of browsers does not hold for websockets */
	if ((rq->match.route->flags & ROUTE_WEBSOCKET) && !origin_is_ours(rq))
		return refuse(rq, 403, "Websockets are for this server's own pages only.");
	if (right == RIGHT_OPEN)
		return 0;
	if (right == RIGHT_READ && may_read_unknown(rq))
		return 0;
	if (!*rq->role)
		return refuse(rq, 401, rq->user ? "The login is wrong." : "This needs a login.");
	if (!role_may(rq->role, right))
		return refuse(rq, 403, "This login may not do that.");
	if (right >= RIGHT_WEBGPS && !origin_is_ours(rq))
		return refuse(rq, 403, "Commands are taken from this server's own pages only.");
	if (rq->basic_right && !rq->token_right) {
		sessions_login(rq->serve->sessions, rq->name, rq->role, rq->token);
		rq->session_made = true;
	}
	return 0;
}
