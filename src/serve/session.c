#include "serve/session.h"

#include <gnutls/crypto.h>
#include <pthread.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/hex.h"
#include "base/limit.h"
#include "base/mem.h"
#include "serve/session_file.h"

#define UNRETURNED_MAX 32 /* of one client that were never used again */
#define USED_SEC 300      /* how old the times of use in the file may be */

struct sessions {
	pthread_mutex_t lock, file_lock; /* the second is taken first */
	char *path, *login;
	uint32_t timeout, written_sec;
	bool changed, touched; /* since the file was written: what there is; when it was used */
	size_t n;
	struct session *all;
};

static bool expired(const struct sessions *s, const struct session *x, uint64_t now)
{
	if (x->is_key)
		return x->expires && x->expires <= now;
	return x->info.accessed + s->timeout <= now;
}

static bool lives(const struct sessions *s, const struct session *x, uint64_t now)
{
	return x->used && !expired(s, x, now);
}

static void make_random(char *ret_text, size_t size)
{
	uint8_t random[TOKEN_SIZE / 2];

	if (gnutls_rnd(GNUTLS_RND_KEY, random, sizeof(random)) < 0)
		abort(); /* without randomness no one can be let in */
	for (size_t i = 0; i + 1 < size; i++)
		ret_text[i] = hex_upper[random[i / 2] >> (i % 2 ? 0 : 4) & 15];
	ret_text[size - 1] = '\0';
}

static bool same_client(const struct session_info *a, const struct session_info *b)
{
	return strcmp(a->name, b->name) == 0 && strcmp(a->address, b->address) == 0 && strcmp(a->agent, b->agent) == 0;
}

/* Whether a is replaced before b: first sessions that were never used again, then the least recently used. */
static bool before(const struct session *a, const struct session *b)
{
	if (!b || a->returned != b->returned)
		return !b || !a->returned;
	return a->info.accessed < b->info.accessed;
}

/* The oldest of the client's sessions that were never used again, when their limit is reached. */
static struct session *take_own_slot(struct sessions *s, const struct session_info *who, uint64_t now)
{
	struct session *oldest = NULL;
	unsigned n = 0;

	for (size_t i = 0; i < s->n; i++) {
		struct session *x = &s->all[i];

		if (!lives(s, x, now) || x->is_key || x->returned || !same_client(&x->info, who))
			continue;
		n++;
		if (before(x, oldest))
			oldest = x;
	}
	return n >= UNRETURNED_MAX ? oldest : NULL;
}

/* A free slot, else that of the session that is replaced first; NULL when all are keys. */
static struct session *take_slot(struct sessions *s, uint64_t now)
{
	struct session *first = NULL;

	for (size_t i = 0; i < s->n; i++) {
		struct session *x = &s->all[i];

		if (!lives(s, x, now))
			return x;
		if (!x->is_key && before(x, first))
			first = x;
	}
	return first;
}

/* Fills the slot; only the caller gets the token. */
static void make(struct session *x, const struct session_info *who, uint64_t now, char ret_token[TOKEN_SIZE])
{
	*x = (struct session){.used = true, .info = *who};
	x->info.created = x->info.accessed = now;
	make_random(x->info.id, sizeof(x->info.id));
	make_random(ret_token, TOKEN_SIZE);
	session_hash(ret_token, x->hash);
}

void sessions_login(struct sessions *s, const struct session_info *who, bool listed, char ret_token[TOKEN_SIZE])
{
	uint64_t now = clock_server_sec();
	struct session *x;

	ret_token[0] = '\0';
	(void) pthread_mutex_lock(&s->lock);
	x = take_own_slot(s, who, now);
	if (!x)
		x = take_slot(s, now);
	if (x) {
		s->changed |= listed || (x->used && x->returned);
		s->touched = true; /* scripts log in with each request: those are written with the times of use */
		make(x, who, now, ret_token);
		x->info.listed = listed;
	}
	(void) pthread_mutex_unlock(&s->lock);
}

/* Hashes need no constant time: an attacker who can choose a token cannot choose its hash. */
static struct session *find_token(struct sessions *s, const char *token, uint64_t now)
{
	uint8_t hash[SESSION_HASH_SIZE];

	session_hash(token, hash);
	for (size_t i = 0; i < s->n; i++)
		if (lives(s, &s->all[i], now) && memcmp(s->all[i].hash, hash, sizeof(hash)) == 0)
			return &s->all[i];
	return NULL;
}

bool sessions_find(struct sessions *s, const char *token, struct session_info *ret_info)
{
	uint64_t now = clock_server_sec();
	struct session *x;

	(void) pthread_mutex_lock(&s->lock);
	x = find_token(s, token, now);
	if (x) {
		s->changed |= !x->returned;
		s->touched |= x->info.accessed != now;
		x->returned = x->info.listed = true;
		x->info.accessed = now;
		*ret_info = x->info;
	}
	(void) pthread_mutex_unlock(&s->lock);
	return x;
}

/* Writes the file from a copy, so that no request with a token waits for the disk. */
static void save(struct sessions *s)
{
	struct session *copy;
	char *login;

	if (!s->path)
		return;
	(void) pthread_mutex_lock(&s->file_lock);
	copy = xnew(struct session, s->n);
	(void) pthread_mutex_lock(&s->lock);
	memcpy(copy, s->all, s->n * sizeof(*copy));
	login = xstrdup(s->login);
	s->changed = s->touched = false;
	s->written_sec = clock_server_sec();
	(void) pthread_mutex_unlock(&s->lock);
	(void) session_file_write(s->path, login, copy, s->n);
	explicit_bzero(login, strlen(login));
	explicit_bzero(copy, s->n * sizeof(*copy));
	(void) pthread_mutex_unlock(&s->file_lock);
	free(login);
	free(copy);
}

/* Whether the file is older than it should be. */
static bool is_due(struct sessions *s, uint32_t now_sec, bool last)
{
	bool due;

	(void) pthread_mutex_lock(&s->lock);
	due = s->changed || (s->touched && (last || now_sec - s->written_sec >= USED_SEC));
	(void) pthread_mutex_unlock(&s->lock);
	return due;
}

void sessions_tick(struct sessions *s, uint32_t now_sec)
{
	if (is_due(s, now_sec, false))
		save(s);
}

void sessions_logout(struct sessions *s, const char *token)
{
	struct session *x;

	(void) pthread_mutex_lock(&s->lock);
	x = find_token(s, token, clock_server_sec());
	if (x && !x->is_key) {
		x->used = false;
		s->changed = true;
	}
	(void) pthread_mutex_unlock(&s->lock);
}

int sessions_end(struct sessions *s, const char *id)
{
	bool found = false;

	(void) pthread_mutex_lock(&s->lock);
	for (size_t i = 0; i < s->n; i++) {
		struct session *x = &s->all[i];

		if (!x->used || x->is_key || strcmp(x->info.id, id) != 0)
			continue;
		x->used = false;
		found = true;
	}
	(void) pthread_mutex_unlock(&s->lock);
	if (found)
		save(s);
	return found ? 0 : ERR_NOT_FOUND;
}

uint32_t sessions_list(struct sessions *s, struct session_info *ret_infos, uint32_t max)
{
	uint64_t now = clock_server_sec();
	uint32_t n = 0;

	(void) pthread_mutex_lock(&s->lock);
	for (size_t i = 0; i < s->n && n < max; i++)
		if (lives(s, &s->all[i], now) && !s->all[i].is_key && s->all[i].info.listed)
			ret_infos[n++] = s->all[i].info;
	(void) pthread_mutex_unlock(&s->lock);
	return n;
}

void sessions_revoke_logins(struct sessions *s, const char *login)
{
	(void) pthread_mutex_lock(&s->lock);
	for (size_t i = 0; i < s->n; i++)
		if (!s->all[i].is_key)
			s->all[i].used = false;
	explicit_bzero(s->login, strlen(s->login));
	free(s->login);
	s->login = xstrdup(login);
	(void) pthread_mutex_unlock(&s->lock);
	save(s);
}

static void take(void *ctx, const struct session *from)
{
	struct sessions *s = ctx;
	struct session *x = take_slot(s, clock_server_sec());

	if (!x || expired(s, from, clock_server_sec()))
		return;
	*x = *from;
}

struct sessions *sessions_open(const char *path, uint32_t timeout_sec, const char *login)
{
	struct sessions *s = xnew(struct sessions, 1);

	(void) pthread_mutex_init(&s->lock, NULL);
	(void) pthread_mutex_init(&s->file_lock, NULL);
	s->n = limit_of(LIMIT_SESSIONS);
	s->all = xnew(struct session, s->n);
	s->timeout = timeout_sec ? timeout_sec : 7200;
	s->path = path ? xstrdup(path) : NULL;
	s->login = xstrdup(login);
	if (s->path && session_file_read(s->path, login, take, s))
		save(s);
	return s;
}

void sessions_close(struct sessions *s)
{
	if (is_due(s, 0, true))
		save(s);
	(void) pthread_mutex_destroy(&s->lock);
	(void) pthread_mutex_destroy(&s->file_lock);
	explicit_bzero(s->login, strlen(s->login));
	explicit_bzero(s->all, s->n * sizeof(*s->all));
	free(s->path);
	free(s->login);
	free(s->all);
	free(s);
}

static struct session *find_key(struct sessions *s, const char *name, uint64_t now)
{
	for (size_t i = 0; i < s->n; i++)
		if (lives(s, &s->all[i], now) && s->all[i].is_key && strcmp(s->all[i].info.name, name) == 0)
			return &s->all[i];
	return NULL;
}

int sessions_add_key(struct sessions *s, const char *name, const char *role, uint64_t seconds,
		     char ret_token[TOKEN_SIZE])
{
	uint64_t now = clock_server_sec();
	struct session_info who = {0};
	struct session *x;
	int r = 0;

	if (!*name || strlen(name) >= SERVE_NAME_SIZE || strlen(role) >= SERVE_NAME_SIZE)
		return ERR_MALFORMED;
	(void) strcpy(who.name, name);
	(void) strcpy(who.role, role);
	(void) pthread_mutex_lock(&s->lock);
	if (find_key(s, name, now)) {
		r = ERR_EXISTS;
	} else if (!(x = take_slot(s, now))) {
		r = ERR_LIMIT;
	} else {
		make(x, &who, now, ret_token);
		x->is_key = true;
		x->expires = seconds ? now + seconds : 0;
		memcpy(x->token, ret_token, TOKEN_SIZE);
	}
	(void) pthread_mutex_unlock(&s->lock);
	if (r >= 0)
		save(s);
	return r;
}

int sessions_revoke(struct sessions *s, const char *name)
{
	struct session *x;

	(void) pthread_mutex_lock(&s->lock);
	x = find_key(s, name, clock_server_sec());
	if (x)
		x->used = false;
	(void) pthread_mutex_unlock(&s->lock);
	if (x)
		save(s);
	return x ? 0 : ERR_NOT_FOUND;
}

uint32_t sessions_keys(struct sessions *s, struct api_key *ret_keys, uint32_t max)
{
	uint64_t now = clock_server_sec();
	uint32_t n = 0;

	(void) pthread_mutex_lock(&s->lock);
	for (size_t i = 0; i < s->n && n < max; i++) {
		const struct session *x = &s->all[i];
		struct api_key *k = &ret_keys[n];

		if (!lives(s, x, now) || !x->is_key)
			continue;
		*k = (struct api_key){.created = x->info.created, .accessed = x->info.accessed, .expires = x->expires};
		memcpy(k->token, x->token, sizeof(k->token));
		memcpy(k->name, x->info.name, sizeof(k->name));
		memcpy(k->role, x->info.role, sizeof(k->role));
		n++;
	}
	(void) pthread_mutex_unlock(&s->lock);
	return n;
}

uint32_t sessions_count(struct sessions *s)
{
	uint64_t now = clock_server_sec();
	uint32_t n = 0;

	(void) pthread_mutex_lock(&s->lock);
	for (size_t i = 0; i < s->n; i++)
		n += lives(s, &s->all[i], now);
	(void) pthread_mutex_unlock(&s->lock);
	return n;
}
