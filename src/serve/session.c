#include "serve/session.h"

#include <pthread.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/json_out.h"
#include "base/limit.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/replace.h"

#define FILE_SIZE_MAX (1024 * 1024)

struct session {
	struct api_key key;
	bool used, is_key; /* a key was made by name and outlives the run; else a login's session */
};

struct sessions {
	pthread_mutex_t lock;
	char *path;
	uint32_t timeout;
	size_t n;
	struct session *all;
};

static bool expired(const struct sessions *s, const struct session *x, uint64_t now)
{
	if (x->is_key)
		return x->key.expires && x->key.expires <= now;
	return x->key.accessed + s->timeout <= now;
}

static void make_token(char ret_token[TOKEN_SIZE])
{
	static const char digits[] = "0123456789ABCDEF";
	uint8_t random[16];

	if (getrandom(random, sizeof(random), 0) != sizeof(random))
		abort(); /* without randomness nobody can be let in */
	for (size_t i = 0; i < sizeof(random); i++) {
		ret_token[2 * i] = digits[random[i] >> 4];
		ret_token[2 * i + 1] = digits[random[i] & 15];
	}
	ret_token[TOKEN_SIZE - 1] = '\0';
}

/* A free place, else that of the login session used longest ago; NULL when all are keys. */
static struct session *take_place(struct sessions *s, uint64_t now)
{
	struct session *oldest = NULL;

	for (size_t i = 0; i < s->n; i++) {
		struct session *x = &s->all[i];

		if (!x->used || expired(s, x, now))
			return x;
		if (!x->is_key && (!oldest || x->key.accessed < oldest->key.accessed))
			oldest = x;
	}
	return oldest;
}

static struct session *find_name(struct sessions *s, const char *name, bool is_key, uint64_t now)
{
	for (size_t i = 0; i < s->n; i++) {
		struct session *x = &s->all[i];

		if (x->used && x->is_key == is_key && !expired(s, x, now) && strcmp(x->key.name, name) == 0)
			return x;
	}
	return NULL;
}

static struct session *add(struct sessions *s, const char *name, const char *role, uint64_t now)
{
	struct session *x = take_place(s, now);

	if (!x)
		return NULL;
	*x = (struct session){.used = true, .key = {.created = now, .accessed = now}};
	(void) snprintf(x->key.name, sizeof(x->key.name), "%s", name);
	(void) snprintf(x->key.role, sizeof(x->key.role), "%s", role);
	make_token(x->key.token);
	return x;
}

void sessions_login(struct sessions *s, const char *name, const char *role, char ret_token[TOKEN_SIZE])
{
	uint64_t now = clock_server_sec();
	struct session *x;

	ret_token[0] = '\0';
	(void) pthread_mutex_lock(&s->lock);
	x = find_name(s, name, false, now);
	if (!x)
		x = add(s, name, role, now);
	if (x) {
		x->key.accessed = now;
		memcpy(ret_token, x->key.token, TOKEN_SIZE);
	}
	(void) pthread_mutex_unlock(&s->lock);
}

/* Takes as long for a wrong token as for a right one. */
static bool same_token(const char *a, const char *b)
{
	unsigned char diff = 0;

	for (size_t i = 0; i < TOKEN_SIZE; i++)
		diff |= (unsigned char) (a[i] ^ b[i]);
	return diff == 0;
}

bool sessions_find(struct sessions *s, const char *token, struct api_key *ret_key)
{
	uint64_t now = clock_server_sec();
	char padded[TOKEN_SIZE] = {0};
	bool found = false;

	if (strlen(token) != TOKEN_SIZE - 1)
		return false;
	memcpy(padded, token, TOKEN_SIZE);
	(void) pthread_mutex_lock(&s->lock);
	for (size_t i = 0; i < s->n; i++) {
		struct session *x = &s->all[i];

		if (!x->used || expired(s, x, now) || !same_token(x->key.token, padded))
			continue;
		x->key.accessed = now;
		*ret_key = x->key;
		found = true;
	}
	(void) pthread_mutex_unlock(&s->lock);
	return found;
}

void sessions_forget_logins(struct sessions *s)
{
	(void) pthread_mutex_lock(&s->lock);
	for (size_t i = 0; i < s->n; i++)
		if (!s->all[i].is_key)
			s->all[i].used = false;
	(void) pthread_mutex_unlock(&s->lock);
}

static void write_key(struct buf *b, const struct api_key *k)
{
	buf_str(b, "{\"token\":");
	json_text(b, k->token, strlen(k->token));
	buf_str(b, ",\"name\":");
	json_text(b, k->name, strlen(k->name));
	buf_str(b, ",\"role\":");
	json_text(b, k->role, strlen(k->role));
	buf_printf(b, ",\"created\":%llu,\"accessed\":%llu,\"expires\":%llu}", (unsigned long long) k->created,
		   (unsigned long long) k->accessed, (unsigned long long) k->expires);
}

/* Writes a new file and renames it over the old one, readable by the owner only. */
static void save(const struct sessions *s)
{
	struct buf b = {0};
	int r;

	if (!s->path)
		return;
	buf_char(&b, '[');
	for (size_t i = 0; i < s->n; i++) {
		if (!s->all[i].used || !s->all[i].is_key)
			continue;
		if (b.len > 1)
			buf_char(&b, ',');
		write_key(&b, &s->all[i].key);
	}
	buf_str(&b, "]\n");
	r = replace_file(s->path, &b);
	if (r < 0)
		log_warning("API keys cannot be kept in '%s': %s", s->path, err_text(r));
	buf_finish(&b);
}

static uint64_t number(const struct json_in *v, const char *name)
{
	int64_t n;

	return json_in_whole(json_in_get(v, name), &n) && n > 0 ? (uint64_t) n : 0;
}

static void load_key(struct sessions *s, const struct json_in *v)
{
	const char *token = json_in_text(json_in_get(v, "token"));
	const char *name = json_in_text(json_in_get(v, "name"));
	const char *role = json_in_text(json_in_get(v, "role"));
	struct session *x;

	if (!token || !name || !role || strlen(token) != TOKEN_SIZE - 1)
		return;
	x = add(s, name, role, number(v, "created"));
	if (!x)
		return;
	x->is_key = true;
	memcpy(x->key.token, token, TOKEN_SIZE);
	x->key.accessed = number(v, "accessed");
	x->key.expires = number(v, "expires");
}

static void load(struct sessions *s)
{
	cleanup_fclose FILE *f = fopen(s->path, "re");
	cleanup_free char *text = NULL;
	char error[JSON_IN_ERROR_SIZE];
	struct json_in *document;
	size_t n;

	if (!f)
		return;
	text = xalloc(FILE_SIZE_MAX);
	n = fread(text, 1, FILE_SIZE_MAX, f);
	document = json_in_read(text, n, error);
	if (!document) {
		log_warning("The API keys in '%s' are ignored: %s", s->path, error);
		return;
	}
	for (size_t i = 0; json_in_is_list(document) && i < json_in_count(document); i++)
		load_key(s, json_in_at(document, i));
	json_in_free(document);
}

struct sessions *sessions_open(const char *path, uint32_t timeout_sec)
{
	struct sessions *s = xnew(struct sessions, 1);

	(void) pthread_mutex_init(&s->lock, NULL);
	s->n = limit_of(LIMIT_SESSIONS);
	s->all = xnew(struct session, s->n);
	s->timeout = timeout_sec ? timeout_sec : 7200;
	s->path = path ? xstrdup(path) : NULL;
	if (s->path)
		load(s);
	return s;
}

void sessions_close(struct sessions *s)
{
	(void) pthread_mutex_destroy(&s->lock);
	free(s->path);
	free(s->all);
	free(s);
}

int sessions_add_key(struct sessions *s, const char *name, const char *role, uint64_t seconds,
		     char ret_token[TOKEN_SIZE])
{
	uint64_t now = clock_server_sec();
	struct session *x;
	int r = 0;

	if (!*name || strlen(name) >= SERVE_NAME_SIZE || strlen(role) >= SERVE_NAME_SIZE)
		return ERR_MALFORMED;
	(void) pthread_mutex_lock(&s->lock);
	if (find_name(s, name, true, now)) {
		r = ERR_EXISTS;
	} else if (!(x = add(s, name, role, now))) {
		r = ERR_LIMIT;
	} else {
		x->is_key = true;
		x->key.expires = seconds ? now + seconds : 0;
		memcpy(ret_token, x->key.token, TOKEN_SIZE);
		save(s);
	}
	(void) pthread_mutex_unlock(&s->lock);
	return r;
}

int sessions_revoke(struct sessions *s, const char *name)
{
	struct session *x;

	(void) pthread_mutex_lock(&s->lock);
	x = find_name(s, name, true, clock_server_sec());
	if (x) {
		x->used = false;
		save(s);
	}
	(void) pthread_mutex_unlock(&s->lock);
	return x ? 0 : ERR_NOT_FOUND;
}

uint32_t sessions_keys(struct sessions *s, struct api_key *ret_keys, uint32_t max)
{
	uint64_t now = clock_server_sec();
	uint32_t n = 0;

	(void) pthread_mutex_lock(&s->lock);
	for (size_t i = 0; i < s->n && n < max; i++)
		if (s->all[i].used && s->all[i].is_key && !expired(s, &s->all[i], now))
			ret_keys[n++] = s->all[i].key;
	(void) pthread_mutex_unlock(&s->lock);
	return n;
}

uint32_t sessions_count(struct sessions *s)
{
	uint64_t now = clock_server_sec();
	uint32_t n = 0;

	(void) pthread_mutex_lock(&s->lock);
	for (size_t i = 0; i < s->n; i++)
		n += s->all[i].used && !expired(s, &s->all[i], now);
	(void) pthread_mutex_unlock(&s->lock);
	return n;
}
