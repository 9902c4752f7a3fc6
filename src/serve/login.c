#include "serve/login.h"

#include <crypt.h>
#include <gnutls/crypto.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/replace.h"
#include "serve/options.h"

#define TEXT_SIZE 512
#define PROOF_SIZE 32 /* HMAC-SHA-256 */
#define PROOFS 16
#define PROOF_US (UINT64_C(300) * 1000000)

struct proof {
	uint8_t hash[PROOF_SIZE];
	uint64_t until_us; /* monotonic; 0: free */
};

/* One login: the password, or what crypt(3) makes of it. */
struct known {
	char user[TEXT_SIZE], password[TEXT_SIZE];
	bool hashed;
};

struct logins {
	pthread_mutex_t lock;
	bool global;
	struct known known;
	char *path, *standard_user;
	struct stat seen; /* of the file, as it was read */
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

/* A whole hash, of which crypt(3) knows the method. Early files of norn have such in httpd_password. */
static bool is_hash(const char *text)
{
	return text[0] == '$' && strlen(text) >= 40 && crypt_checksalt(text) == CRYPT_SALT_OK;
}

/* One "name=value" line of a login file; in one of norn's own, a password may be a hash. */
static void take_line(struct known *k, char *line, bool own)
{
	char *equals = strchr(line, '=');
	bool hash;

	line[strcspn(line, "\r\n")] = '\0';
	if (!equals)
		return;
	*equals++ = '\0';
	hash = strcmp(line, "httpd_password_hash") == 0;
	if (strcmp(line, "httpd_username") == 0)
		(void) snprintf(k->user, sizeof(k->user), "%s", equals);
	if (!hash && strcmp(line, "httpd_password") != 0)
		return;
	(void) snprintf(k->password, sizeof(k->password), "%s", equals);
	k->hashed = hash || (own && is_hash(equals));
}

static bool read_file(struct known *k, const char *path, bool own)
{
	cleanup_fclose FILE *f = path ? fopen(path, "re") : NULL;
	char line[2 * TEXT_SIZE];

	if (!f)
		return false;
	while (fgets(line, sizeof(line), f))
		take_line(k, line, own);
	return true;
}

/* Notes which file it is, by what differs in a new one. */
static bool file_changed(struct logins *l)
{
	struct stat st = {0};
	bool changed;

	if (!l->path || stat(l->path, &st) != 0)
		return false;
	changed = st.st_ino != l->seen.st_ino || st.st_size != l->seen.st_size ||
		  st.st_mtim.tv_sec != l->seen.st_mtim.tv_sec || st.st_mtim.tv_nsec != l->seen.st_mtim.tv_nsec;
	l->seen = st;
	return changed;
}

static void take_conf(struct known *k, const struct serve_conf *conf)
{
	k->hashed = conf->password_hash && *conf->password_hash;
	(void) snprintf(k->password, sizeof(k->password), "%s",
			k->hashed        ? conf->password_hash
			: conf->password ? conf->password
					 : "");
	if (k->hashed && !is_hash(k->password))
		log_warning("httpd_password_hash is not a hash that this machine knows, so no one can log in: make "
			    "one with mkpasswd -m yescrypt");
	if (!k->hashed && is_hash(k->password))
		log_warning("httpd_password looks like a hash and is taken as the password itself; a hash goes into "
			    "httpd_password_hash");
}

struct logins *logins_open(const struct serve_conf *conf)
{
	struct logins *l = xnew(struct logins, 1);

	(void) pthread_mutex_init(&l->lock, NULL);
	if (gnutls_rnd(GNUTLS_RND_KEY, l->secret, sizeof(l->secret)) < 0)
		abort(); /* without randomness no one can be let in */
	l->path = conf->auth_file ? xstrdup(conf->auth_file) : NULL;
	l->standard_user = xstrdup(conf->username && *conf->username ? conf->username : "kismet");
	(void) snprintf(l->known.user, sizeof(l->known.user), "%s", l->standard_user);
	take_conf(&l->known, conf);
	l->global = *l->known.password;
	(void) file_changed(l);
	if (!l->global && !read_file(&l->known, l->path, true))
		(void) read_file(&l->known, conf->auth_file_old, false);
	return l;
}

bool logins_reload(struct logins *l)
{
	struct known k = {0};
	bool changed;

	if (l->global)
		return false;
	(void) pthread_mutex_lock(&l->lock); /* all the time, as logins_set() may write the file meanwhile */
	changed = file_changed(l);
	if (changed) {
		(void) snprintf(k.user, sizeof(k.user), "%s", l->standard_user);
		(void) read_file(&k, l->path, true);
		changed = strcmp(k.user, l->known.user) != 0 || strcmp(k.password, l->known.password) != 0;
	}
	if (changed) {
		l->known = k;
		memset(l->proofs, 0, sizeof(l->proofs));
	}
	(void) pthread_mutex_unlock(&l->lock);
	explicit_bzero(&k, sizeof(k));
	return changed;
}

char *logins_text(struct logins *l)
{
	char *text = xalloc(sizeof(l->known.user) + sizeof(l->known.password) + 2);

	(void) pthread_mutex_lock(&l->lock);
	(void) sprintf(text, "%s\n%s", l->known.user, l->known.password);
	(void) pthread_mutex_unlock(&l->lock);
	return text;
}

void logins_user(struct logins *l, char *ret_user, size_t size)
{
	(void) pthread_mutex_lock(&l->lock);
	(void) snprintf(ret_user, size, "%s", l->known.user);
	(void) pthread_mutex_unlock(&l->lock);
}

void logins_close(struct logins *l)
{
	(void) pthread_mutex_destroy(&l->lock);
	free(l->path);
	free(l->standard_user);
	explicit_bzero(l, sizeof(*l));
	free(l);
}

enum login_state logins_state(struct logins *l)
{
	enum login_state state;

	(void) pthread_mutex_lock(&l->lock);
	state = l->global ? LOGIN_GLOBAL : *l->known.password ? LOGIN_FILE : LOGIN_UNSET;
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
	if (!*l->known.password) {
		r = LOGIN_WRONG;
	} else if (!l->known.hashed) {
		bool name = same_text(user, l->known.user), word = same_text(password, l->known.password);

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
	struct known k;
	const char *got;
	bool right;

	(void) pthread_mutex_lock(&l->lock);
	k = l->known;
	(void) pthread_mutex_unlock(&l->lock);
	got = k.hashed ? crypt_r(password, k.password, data) : password;
	right = *k.password && got && *got != '*' && same_text(got, k.password);
	right = same_text(user, k.user) && right;
	if (right && k.hashed) {
		(void) pthread_mutex_lock(&l->lock);
		if (strcmp(l->known.password, k.password) == 0) { /* it did not change meanwhile */
			hash_login(l, user, password, l->proofs[l->next % PROOFS].hash);
			l->proofs[l->next++ % PROOFS].until_us = clock_monotonic_us() + PROOF_US;
		}
		(void) pthread_mutex_unlock(&l->lock);
	}
	explicit_bzero(data, sizeof(*data));
	explicit_bzero(&k, sizeof(k));
	free(data);
	return right;
}

static int write_file(const char *path, const char *user, const char *hash)
{
	struct buf b = {0};
	int r;

	buf_printf(
		&b,
		"# The administrator's login; written when it is set in the web interface, or by norn --set-password.\n"
		"httpd_username=%s\nhttpd_password_hash=%s\n",
		user, hash);
	r = replace_file(path, &b);
	buf_finish(&b);
	return r < 0 ? log_error(r, "The login cannot be written to '%s': %s", path, err_text(r)) : 0;
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
		(void) snprintf(l->known.user, sizeof(l->known.user), "%s", user);
		(void) snprintf(l->known.password, sizeof(l->known.password), "%s", hash);
		l->known.hashed = true;
		(void) file_changed(l);
		memset(l->proofs, 0, sizeof(l->proofs));
		(void) pthread_mutex_unlock(&l->lock);
	}
	explicit_bzero(data, sizeof(*data));
	free(data);
	return r;
}
