#include "serve/login.h"

#include <crypt.h>
#include <gnutls/crypto.h>
#include <pthread.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/replace.h"

#define TEXT_SIZE 512
#define PROOF_SIZE 32 /* HMAC-SHA-256 */
#define PROOFS 16
#define PROOF_US (UINT64_C(300) * 1000000)

struct proof {
	uint8_t hash[PROOF_SIZE];
	uint64_t until_us; /* monotonic; 0: free */
};

struct logins {
	pthread_mutex_t lock;
	bool global;
	char user[TEXT_SIZE], password[TEXT_SIZE]; /* the password: plain, or a hash "$..." */
	char *path;
	uint8_t secret[PROOF_SIZE];
	struct proof proofs[PROOFS];
	unsigned next;
};

bool same_text(const char *a, const char *b)
{
	size_t n = strlen(b);
	unsigned char diff = strlen(a) != n;

	for (size_t i = 0; a[i] && n; i++)
		diff |= (unsigned char) (a[i] ^ b[i % n]);
	return diff == 0;
}

/* One "httpd_username=..." or "httpd_password=..." line. */
static void take_line(struct logins *l, char *line)
{
	char *equals = strchr(line, '=');

	line[strcspn(line, "\r\n")] = '\0';
	if (!equals)
		return;
	*equals++ = '\0';
	if (strcmp(line, "httpd_username") == 0)
		(void) snprintf(l->user, sizeof(l->user), "%s", equals);
	else if (strcmp(line, "httpd_password") == 0)
		(void) snprintf(l->password, sizeof(l->password), "%s", equals);
}

static bool read_file(struct logins *l, const char *path)
{
	cleanup_fclose FILE *f = path ? fopen(path, "re") : NULL;
	char line[2 * TEXT_SIZE];

	if (!f)
		return false;
	while (fgets(line, sizeof(line), f))
		take_line(l, line);
	return true;
}

struct logins *logins_open(const struct serve_conf *conf)
{
	struct logins *l = xnew(struct logins, 1);

	(void) pthread_mutex_init(&l->lock, NULL);
	if (gnutls_rnd(GNUTLS_RND_KEY, l->secret, sizeof(l->secret)) < 0)
		abort(); /* without randomness nobody can be let in */
	l->path = conf->auth_file ? xstrdup(conf->auth_file) : NULL;
	if (conf->password && *conf->password) {
		l->global = true;
		(void) snprintf(l->user, sizeof(l->user), "%s",
				conf->username && *conf->username ? conf->username : "kismet");
		(void) snprintf(l->password, sizeof(l->password), "%s", conf->password);
	} else {
		(void) snprintf(l->user, sizeof(l->user), "%s",
				conf->username && *conf->username ? conf->username : "kismet");
		if (!read_file(l, l->path))
			(void) read_file(l, conf->auth_file_old);
	}
	return l;
}

void logins_close(struct logins *l)
{
	(void) pthread_mutex_destroy(&l->lock);
	free(l->path);
	explicit_bzero(l, sizeof(*l));
	free(l);
}

enum login_state logins_state(struct logins *l)
{
	enum login_state state;

	(void) pthread_mutex_lock(&l->lock);
	state = l->global ? LOGIN_GLOBAL : *l->password ? LOGIN_FILE : LOGIN_UNSET;
	(void) pthread_mutex_unlock(&l->lock);
	return state;
}

static void hash_login(const struct logins *l, const char *user, const char *password, uint8_t ret_hash[PROOF_SIZE])
{
	struct buf b = {0};

	buf_add(&b, user, strlen(user) + 1);
	buf_add(&b, password, strlen(password));
	(void) gnutls_hmac_fast(GNUTLS_MAC_SHA256, l->secret, sizeof(l->secret), b.p, b.len, ret_hash);
	explicit_bzero(b.p, b.len);
	buf_finish(&b);
}

static bool is_proven(struct logins *l, const uint8_t hash[PROOF_SIZE])
{
	uint64_t now = clock_monotonic_us();
	bool found = false;

	for (size_t i = 0; i < PROOFS; i++) {
		unsigned char diff = l->proofs[i].until_us <= now;

		for (size_t k = 0; k < PROOF_SIZE; k++)
			diff |= (unsigned char) (l->proofs[i].hash[k] ^ hash[k]);
		found |= diff == 0;
	}
	return found;
}

enum login_result logins_known(struct logins *l, const char *user, const char *password)
{
	enum login_result r = LOGIN_UNPROVEN;
	uint8_t hash[PROOF_SIZE];

	(void) pthread_mutex_lock(&l->lock);
	if (!*l->password) {
		r = LOGIN_WRONG;
	} else if (l->password[0] != '$') {
		bool name = same_text(user, l->user), word = same_text(password, l->password);

		r = name && word ? LOGIN_RIGHT : LOGIN_WRONG;
	} else {
		hash_login(l, user, password, hash);
		if (is_proven(l, hash))
			r = LOGIN_RIGHT;
	}
	(void) pthread_mutex_unlock(&l->lock);
	return r;
}

bool logins_prove(struct logins *l, const char *user, const char *password)
{
	struct crypt_data *data = xnew(struct crypt_data, 1);
	char expected[TEXT_SIZE], name[TEXT_SIZE];
	const char *got;
	bool right;

	(void) pthread_mutex_lock(&l->lock);
	memcpy(expected, l->password, sizeof(expected));
	memcpy(name, l->user, sizeof(name));
	(void) pthread_mutex_unlock(&l->lock);
	got = *expected == '$' ? crypt_r(password, expected, data) : NULL;
	right = got && *got != '*' && same_text(got, expected);
	right = same_text(user, name) && right;
	if (right) {
		(void) pthread_mutex_lock(&l->lock);
		hash_login(l, user, password, l->proofs[l->next % PROOFS].hash);
		l->proofs[l->next++ % PROOFS].until_us = clock_monotonic_us() + PROOF_US;
		(void) pthread_mutex_unlock(&l->lock);
	}
	explicit_bzero(data, sizeof(*data));
	free(data);
	return right;
}

static int write_file(const char *path, const char *user, const char *hash)
{
	struct buf b = {0};
	int r;

	buf_printf(&b,
		   "# The administrator's login; written when it is set in the web interface.\n"
		   "httpd_username=%s\nhttpd_password=%s\n",
		   user, hash);
	r = replace_file(path, &b);
	buf_finish(&b);
	return r < 0 ? log_error(r, "The login cannot be kept in '%s': %s", path, err_text(r)) : 0;
}

int logins_set(struct logins *l, const char *user, const char *password)
{
	struct crypt_data *data;
	char salt[CRYPT_GENSALT_OUTPUT_SIZE];
	const char *hash;
	int r = 0;

	if (l->global)
		return ERR_DENIED;
	if (!*user || !*password || strlen(user) >= 128 || strlen(password) >= 256 || strpbrk(user, "\r\n:"))
		return ERR_MALFORMED;
	data = xnew(struct crypt_data, 1);
	hash = crypt_gensalt_rn("$y$", 0, NULL, 0, salt, sizeof(salt)) ? crypt_r(password, salt, data) : NULL;
	if (!hash || *hash == '*')
		r = log_error(ERR_UNSUPPORTED, "The password cannot be hashed");
	else if (l->path)
		r = write_file(l->path, user, hash);
	if (r >= 0) {
		(void) pthread_mutex_lock(&l->lock);
		(void) snprintf(l->user, sizeof(l->user), "%s", user);
		(void) snprintf(l->password, sizeof(l->password), "%s", hash);
		memset(l->proofs, 0, sizeof(l->proofs));
		(void) pthread_mutex_unlock(&l->lock);
	}
	explicit_bzero(data, sizeof(*data));
	free(data);
	return r;
}
