#include "serve/session_file.h"

#include <gnutls/crypto.h>
#include <string.h>

#include "base/err.h"
#include "base/hex.h"
#include "base/json_in.h"
#include "base/json_out.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/replace.h"

#define FILE_SIZE_MAX ((size_t) 64 * 1024 * 1024)
#define ROUNDS 20000 /* of PBKDF2, over a password that may be in the configuration in plain text */
#define HEX_SIZE (2 * SESSION_HASH_SIZE + 1)

void session_hash(const char *token, uint8_t ret_hash[SESSION_HASH_SIZE])
{
	if (gnutls_hash_fast(GNUTLS_DIG_SHA256, token, strlen(token), ret_hash) < 0)
		abort(); /* no one can be let in */
}

static void to_hex(const uint8_t *p, size_t n, char *ret)
{
	*hex_write(ret, hex_lower, p, n) = '\0';
}

/* A value that distinguishes logins without revealing the password. */
static void seal(const char *login, const uint8_t salt[SESSION_SALT_SIZE], uint8_t ret_hash[SESSION_HASH_SIZE])
{
	const gnutls_datum_t key = {(unsigned char *) (uintptr_t) login, (unsigned) strlen(login)};
	const gnutls_datum_t with = {(unsigned char *) (uintptr_t) salt, SESSION_SALT_SIZE};

	if (gnutls_pbkdf2(GNUTLS_MAC_SHA256, &key, &with, ROUNDS, ret_hash, SESSION_HASH_SIZE) < 0)
		abort();
}

static uint64_t number(const struct json_in *v, const char *name)
{
	int64_t n;

	return json_in_whole(json_in_get(v, name), &n) && n > 0 ? (uint64_t) n : 0;
}

static void text(const struct json_in *v, const char *name, char *ret, size_t size)
{
	const char *found = json_in_text(json_in_get(v, name));

	(void) snprintf(ret, size, "%s", found ? found : "");
}

/* True in files of earlier versions, which did not say. */
static bool flag(const struct json_in *v, const char *name)
{
	return !json_in_get(v, name) || number(v, name);
}

/* One of either form; true when it was a token in clear. */
static bool read_one(const struct json_in *v, struct session *ret)
{
	const char *token = json_in_text(json_in_get(v, "token")), *hash = json_in_text(json_in_get(v, "hash"));
	struct session_info *i = &ret->info;
	int64_t is_session = 0;

	*ret = (struct session){.used = true, .returned = flag(v, "returned"), .info = {.listed = flag(v, "listed")}};
	text(v, "id", i->id, sizeof(i->id));
	text(v, "name", i->name, sizeof(i->name));
	text(v, "role", i->role, sizeof(i->role));
	text(v, "address", i->address, sizeof(i->address));
	text(v, "agent", i->agent, sizeof(i->agent));
	i->created = number(v, "created");
	i->accessed = number(v, "accessed");
	ret->expires = number(v, "expires");
	ret->is_key = !json_in_whole(json_in_get(v, "session"), &is_session) || !is_session;
	if (token && strlen(token) == TOKEN_SIZE - 1)
		session_hash(token, ret->hash);
	else if (!hex_read(hash, ret->hash, sizeof(ret->hash)))
		ret->used = false;
	ret->used &= *i->name && *i->role && (ret->is_key || *i->id);
	return token;
}

static bool same_login(const struct json_in *document, const char *login)
{
	uint8_t salt[SESSION_SALT_SIZE], kept[SESSION_HASH_SIZE], now[SESSION_HASH_SIZE];

	if (!hex_read(json_in_text(json_in_get(document, "salt")), salt, sizeof(salt)) ||
	    !hex_read(json_in_text(json_in_get(document, "login")), kept, sizeof(kept)))
		return false;
	seal(login, salt, now);
	return memcmp(now, kept, sizeof(now)) == 0;
}

static struct json_in *read_document(const char *path)
{
	cleanup_fclose FILE *f = fopen(path, "re");
	cleanup_free char *whole = NULL;
	char error[JSON_IN_ERROR_SIZE];
	struct json_in *document;
	long size;

	if (!f || fseek(f, 0, SEEK_END) != 0 || (size = ftell(f)) <= 0 || (size_t) size > FILE_SIZE_MAX)
		return NULL;
	rewind(f);
	whole = xalloc((size_t) size);
	document = json_in_read(whole, fread(whole, 1, (size_t) size, f), error);
	if (!document)
		log_warning("The sessions and API keys in '%s' are ignored: %s", path, error);
	return document;
}

bool session_file_read(const char *path, const char *login, void (*take)(void *ctx, const struct session *s), void *ctx)
{
	struct json_in *document = read_document(path);
	const struct json_in *list = json_in_is_list(document) ? document : json_in_get(document, "sessions");
	bool same = document && same_login(document, login), in_clear = false;
	struct session s;

	for (size_t i = 0; list && json_in_is_list(list) && i < json_in_count(list); i++) {
		in_clear |= read_one(json_in_at(list, i), &s);
		if (s.used && (s.is_key || same))
			take(ctx, &s);
	}
	json_in_free(document);
	return in_clear;
}

static void member(struct buf *b, const char *name, const char *value)
{
	buf_printf(b, ",\"%s\":", name);
	json_text(b, value, strlen(value));
}

static void write_one(struct buf *b, const struct session *s)
{
	const struct session_info *i = &s->info;
	char hex[HEX_SIZE];

	to_hex(s->hash, sizeof(s->hash), hex);
	buf_printf(b, "{\"hash\":\"%s\"", hex);
	member(b, "id", i->id);
	member(b, "name", i->name);
	member(b, "role", i->role);
	member(b, "address", i->address);
	member(b, "agent", i->agent);
	buf_printf(b,
		   ",\"session\":%d,\"listed\":%d,\"returned\":%d,\"created\":%llu,\"accessed\":%llu,\"expires\":%llu}",
		   !s->is_key, i->listed, s->returned, (unsigned long long) i->created,
		   (unsigned long long) i->accessed, (unsigned long long) s->expires);
}

int session_file_write(const char *path, const char *login, const struct session *all, size_t n)
{
	uint8_t salt[SESSION_SALT_SIZE], sealed[SESSION_HASH_SIZE];
	char salt_hex[2 * SESSION_SALT_SIZE + 1], sealed_hex[HEX_SIZE];
	struct buf b = {0};
	bool more = false;
	int r;

	if (gnutls_rnd(GNUTLS_RND_NONCE, salt, sizeof(salt)) < 0)
		abort();
	seal(login, salt, sealed);
	to_hex(salt, sizeof(salt), salt_hex);
	to_hex(sealed, sizeof(sealed), sealed_hex);
	buf_printf(&b, "{\"salt\":\"%s\",\"login\":\"%s\",\"sessions\":[", salt_hex, sealed_hex);
	for (size_t i = 0; i < n; i++) {
		if (!all[i].used)
			continue;
		if (more)
			buf_char(&b, ',');
		more = true;
		write_one(&b, &all[i]);
	}
	buf_str(&b, "]}\n");
	r = replace_file(path, &b);
	if (r < 0)
		log_warning("Sessions and API keys cannot be written to '%s': %s", path, err_text(r));
	buf_finish(&b);
	return r;
}
