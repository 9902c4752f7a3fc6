#include "serve/owner.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "serve/guesses.h"
#include "serve/origin.h"
#include "serve/private.h"
#include "serve/session.h"
#include "serve/setup.h"

enum login_state serve_login_state(struct serve *s)
{
	return logins_state(s->logins);
}

/* The login changed: sessions of the old one end. */
static void login_changed(struct serve *s)
{
	char *text = logins_text(s->logins);

	sessions_revoke_logins(s->sessions, text);
	explicit_bzero(text, strlen(text));
	free(text);
	(void) pthread_mutex_lock(&s->setup_lock);
	setup_end(TAKE(s->setup));
	(void) pthread_mutex_unlock(&s->setup_lock);
}

void owner_start(struct serve *s)
{
	char *text;

	s->logins = logins_open(&s->conf);
	text = logins_text(s->logins);
	s->sessions = sessions_open(s->conf.session_file, s->conf.session_timeout_sec, text);
	explicit_bzero(text, strlen(text));
	free(text);
	(void) pthread_mutex_init(&s->setup_lock, NULL);
}

void owner_ask(struct serve *s)
{
	if (logins_state(s->logins) == LOGIN_UNSET)
		s->setup = setup_begin(s->conf.setup_file);
	else
		setup_clear(s->conf.setup_file);
}

void owner_stop(struct serve *s)
{
	setup_end(s->setup);
	(void) pthread_mutex_destroy(&s->setup_lock);
	sessions_close(s->sessions);
	logins_close(s->logins);
}

void owner_tick(struct serve *s)
{
	if (logins_reload(s->logins)) {
		log_info("The login was changed on this machine");
		login_changed(s);
	}
	sessions_tick(s->sessions, clock_server_sec());
}

int serve_set_password(struct serve *s, const char *username, const char *password)
{
	int r = logins_set(s->logins, username, password);

	if (r >= 0)
		login_changed(s);
	return r;
}

int serve_keep_password(const struct serve_conf *conf, const char *username, const char *password)
{
	struct logins *l = logins_open(conf);
	char user[SERVE_NAME_SIZE * 2];
	int r;

	logins_user(l, user, sizeof(user));
	r = logins_set(l, username && *username ? username : user, password);
	logins_close(l);
	return r;
}

void serve_setup_where(const struct serve *s, char *ret_sentence, size_t size)
{
	setup_where(s->conf.setup_file, ret_sentence, size);
}

static enum claim note_claim(struct request *rq, bool right)
{
	rq->claim_wrong = !right;
	if (right)
		guesses_right(rq->serve->guesses, rq->address, origin_agent(rq), clock_monotonic_us());
	return right ? CLAIM_RIGHT : CLAIM_WRONG;
}

enum claim request_claim_token(struct request *rq, const char *token)
{
	struct serve *s = rq->serve;
	bool right;

	if (!guesses_take(s->guesses, rq->address, origin_agent(rq), clock_monotonic_us()))
		return CLAIM_LATER;
	(void) pthread_mutex_lock(&s->setup_lock);
	right = s->setup && setup_is_right(s->setup, token);
	(void) pthread_mutex_unlock(&s->setup_lock);
	return note_claim(rq, right);
}

enum claim request_claim_password(struct request *rq, const char *password)
{
	char user[SERVE_NAME_SIZE * 2];

	if (!guesses_take(rq->serve->guesses, rq->address, origin_agent(rq), clock_monotonic_us()))
		return CLAIM_LATER;
	logins_user(rq->serve->logins, user, sizeof(user));
	return note_claim(rq, logins_prove(rq->serve->logins, user, password));
}
