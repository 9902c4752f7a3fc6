/* Tokens: sessions of logins and API keys, in one table. Of a token only its hash is kept; a reader of the file cannot
 * log in with it. Any thread. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#define SERVE_NAME_SIZE 64
#define TOKEN_SIZE 33
#define SESSION_HASH_SIZE 32 /* SHA-256 */

/* A session: a login from somewhere. */
struct session_info {
	char id[17]; /* identifies it; not secret */
	char name[SERVE_NAME_SIZE], role[SERVE_NAME_SIZE];
	char address[64], agent[96]; /* of the client, and its User-Agent */
	uint64_t created, accessed;  /* seconds */
	bool listed, current;        /* it is shown; it is that of the request that lists them */
};

struct api_key {
	char token[TOKEN_SIZE]; /* "" for one of an earlier run, of which only the hash is known */
	char name[SERVE_NAME_SIZE], role[SERVE_NAME_SIZE];
	uint64_t created, accessed, expires; /* seconds; 0: never */
};

/* A session or an API key, as it is kept. */
struct session {
	uint8_t hash[SESSION_HASH_SIZE];
	struct session_info info;
	char token[TOKEN_SIZE]; /* of a key that was made in this run, else "" */
	uint64_t expires;       /* of a key: second, 0: never */
	bool used;
	bool is_key;   /* made by name; else of a login */
	bool returned; /* its client has used it: it is not a script that logs in with each request */
};

struct sessions;
/* Reads the file when there is one; path NULL keeps nothing. Sessions in the file of another login than `login`, a text
 * that differs for each name and password, are left out. */
struct sessions *sessions_open(const char *path, uint32_t timeout_sec, const char *login);
/* Writes what is not written yet. */
void sessions_close(struct sessions *s);
/* About once a second: writes the file when sessions came or went, and at times for when they were used. */
void sessions_tick(struct sessions *s, uint32_t now_sec);
/* A new session of a login; when the table is full it replaces one that was never used, or the least recently used. One
 * that was asked for (`listed`) shows in the list at once, others when their client uses them. */
void sessions_login(struct sessions *s, const struct session_info *who, bool listed, char ret_token[TOKEN_SIZE]);
/* True for a token that is valid now; marks it as used. */
bool sessions_find(struct sessions *s, const char *token, struct session_info *ret_info);
/* Ends the session of that token; API keys stay. */
void sessions_logout(struct sessions *s, const char *token);
/* Ends the session of that id, for good. ERR_NOT_FOUND. */
int sessions_end(struct sessions *s, const char *id);
uint32_t sessions_list(struct sessions *s, struct session_info *ret_infos, uint32_t max);
/* Ends all sessions of logins (the password changed, to that login); API keys stay. */
void sessions_revoke_logins(struct sessions *s, const char *login);
int sessions_add_key(struct sessions *s, const char *name, const char *role, uint64_t seconds,
		     char ret_token[TOKEN_SIZE]);
int sessions_revoke(struct sessions *s, const char *name);
uint32_t sessions_keys(struct sessions *s, struct api_key *ret_keys, uint32_t max);
uint32_t sessions_count(struct sessions *s);
