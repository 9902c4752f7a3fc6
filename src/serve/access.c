#include "serve/access.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "serve/guard.h"
#include "serve/guesses.h"
#include "serve/origin.h"
#include "serve/owner.h"
#include "serve/private.h"
#include "serve/request.h"
#include "serve/resumer.h"
#include "serve/route.h"
#include "serve/session.h"

#define WRONG_LOGIN_US 500000 /* that the answer to a wrong login is held back */
#define WAIT_US 4000000       /* longest time that a guess waits for its turn */
#define WAIT_STEP_US                                                                                                   \
	100000 /* between two checks, and up to as much again at random, so that all have the same chance */
#define WAITING_MAX 64

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
	if (right)
		guesses_right(rq->serve->guesses, rq->address, origin_agent(rq), clock_monotonic_us());
	if (right && !rq->token_right)
		be(rq, rq->user, "admin");
}

static void identify_by_token(struct request *rq)
{
	struct session_info info;
	char token[TOKEN_SIZE];

	if (rq->token_right || rq->token_wrong || !find_token(rq, token))
		return;
	rq->token_right = sessions_find(rq->serve->sessions, token, &info);
	rq->token_wrong = !rq->token_right;
	rq->token_late = rq->token_wrong &&
			 !guesses_take(rq->serve->token_guesses, rq->address, origin_agent(rq), clock_monotonic_us());
	if (rq->token_wrong)
		return;
	be(rq, info.name, info.role);
	(void) snprintf(rq->session, sizeof(rq->session), "%s", info.id);
}

static bool may_read_unknown(const struct request *rq)
{
	const struct serve *s = rq->serve;

	if (s->conf.require_login == LOGIN_ALWAYS)
		return false;
	if (s->conf.require_login == LOGIN_NEVER)
		return true;
	return s->loopback && origin_host_is_loopback(rq) && !origin_proxy_header(rq);
}

/* Whether the request needs a password at all; if not, none can be guessed. */
static bool asks_password(const struct request *rq)
{
	const struct route *r = rq->match.route;

	if (r->right == RIGHT_OPEN)
		return r->flags & ROUTE_WORK;
	return r->right != RIGHT_READ || (r->flags & (ROUTE_SECRETS | ROUTE_WEBSOCKET)) || !may_read_unknown(rq);
}

enum login_result access_identify(struct request *rq)
{
	enum login_result r;

	identify_by_token(rq);
	if (rq->token_right && rq->match.route->right != RIGHT_OPEN)
		return LOGIN_RIGHT;
	if (asks_password(rq))
		find_password(rq);
	if (!rq->user)
		return rq->token_right ? LOGIN_RIGHT : LOGIN_WRONG;
	if (!rq->basic_known) {
		if (!rq->may_guess)
			rq->may_guess =
				guesses_take(rq->serve->guesses, rq->address, origin_agent(rq), clock_monotonic_us());
		if (!rq->may_guess)
			return LOGIN_LATER;
		r = logins_known(rq->serve->logins, rq->user, rq->password);
		if (r == LOGIN_UNPROVEN)
			return r;
		note_basic(rq, r == LOGIN_RIGHT);
	}
	return rq->basic_right || rq->token_right ? LOGIN_RIGHT : LOGIN_WRONG;
}

void access_prove(struct request *rq)
{
	if (rq->user && !rq->basic_known && rq->may_guess)
		note_basic(rq, logins_prove(rq->serve->logins, rq->user, rq->password));
}

static void suspend_until(struct request *rq, uint64_t at_us)
{
	MHD_suspend_connection(rq->connection);
	resumer_wait_until(rq->serve->resumer, rq->connection, at_us);
}

static void stop_waiting(struct request *rq)
{
	if (rq->waits)
		(void) atomic_fetch_sub(&rq->serve->waiting, 1);
	rq->waits = false;
}

bool access_wait(struct request *rq)
{
	uint64_t now = clock_monotonic_us();
	bool later = access_identify(rq) == LOGIN_LATER;

	if (later && !rq->wait_until_us) {
		rq->waits = atomic_fetch_add(&rq->serve->waiting, 1) < WAITING_MAX;
		if (!rq->waits)
			(void) atomic_fetch_sub(&rq->serve->waiting, 1);
		rq->wait_until_us = now + (rq->waits ? WAIT_US : 0);
	}
	if (later && now < rq->wait_until_us && !atomic_load(&rq->serve->stopping)) {
		suspend_until(rq, now + WAIT_STEP_US + (uint64_t) random() % WAIT_STEP_US);
		return true;
	}
	stop_waiting(rq);
	return false;
}

bool access_hold_back(struct request *rq)
{
	bool guessed = rq->claim_wrong || (rq->user && !rq->basic_right && !rq->token_right);

	if (rq->reply.status < 400 || rq->resume_us || !(guessed || (rq->token_wrong && rq->reply.status == 429)))
		return false;
	rq->resume_us = clock_monotonic_us() + WRONG_LOGIN_US;
	suspend_until(rq, rq->resume_us);
	return true;
}

bool request_basic_login(struct request *rq)
{
	return rq->basic_known && rq->basic_right;
}

const char *request_session(const struct request *rq)
{
	return rq->session;
}

void request_end_session(struct request *rq)
{
	char token[TOKEN_SIZE];

	if (find_token(rq, token))
		sessions_logout(rq->serve->sessions, token);
	rq->cookie_ends = true;
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

/* The request needs a login that it lacks: why, and what to do. */
static unsigned refuse_unknown(struct request *rq)
{
	static const char later[] = "Too many wrong logins came from your address, or from all addresses together; try "
				    "again in a few seconds. Sessions that are logged in already are not affected.";
	const char *proxy = origin_proxy_header(rq);
	char where[GUARD_SENTENCE_SIZE / 2];

	if (rq->user && !rq->basic_known)
		return refuse(rq, 429, later);
	if (rq->token_late && !rq->user)
		return refuse(rq, 429, later);
	rq->sentence = rq->refusal;
	if (logins_state(rq->serve->logins) == LOGIN_UNSET) {
		serve_setup_where(rq->serve, where, sizeof(where));
		(void) snprintf(
			rq->refusal, sizeof(rq->refusal),
			"This needs a login, and none is set yet. Set one in the web interface, by "
			"/session/set_password, or as httpd_username= and httpd_password= in the configuration. %s",
			where);
	} else if (proxy && !rq->trusted && !rq->user) {
		(void) snprintf(
			rq->refusal, sizeof(rq->refusal),
			"This needs a login, as it came through a proxy at %s (%s). httpd_trusted_proxy=%s in the "
			"configuration makes norn trust what that proxy says; see doc/proxy.md.",
			rq->peer, proxy, rq->peer);
	} else {
		rq->sentence = rq->user ? "The login is wrong." : "This needs a login.";
	}
	return 401;
}

/* A login without a session gets one, unless a foreign page made the browser send it. */
static void make_session(struct request *rq)
{
	struct session_info who = {0};

	if (!rq->basic_right || rq->token_right || *rq->token || origin_is_foreign(rq))
		return;
	memcpy(who.name, rq->name, sizeof(who.name));
	memcpy(who.role, rq->role, sizeof(who.role));
	memcpy(who.address, rq->address, sizeof(who.address));
	(void) snprintf(who.agent, sizeof(who.agent), "%s", origin_agent(rq));
	sessions_login(rq->serve->sessions, &who, rq->match.route->flags & ROUTE_LOGIN, rq->token);
}

unsigned access_refuse(struct request *rq)
{
	enum right right = rq->match.route->right;
	unsigned status = origin_refuse(rq);

	if (status)
		return status;
	if (right == RIGHT_OPEN)
		return rq->user && !rq->basic_known && !rq->token_right ? refuse_unknown(rq) : 0;
	if (right == RIGHT_READ && may_read_unknown(rq))
		return 0;
	if (!*rq->role)
		return refuse_unknown(rq);
	if (!role_may(rq->role, right))
		return refuse(rq, 403, "This login may not do that.");
	make_session(rq);
	return 0;
}
