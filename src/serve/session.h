/* Tokens: sessions of logins and API keys, in one table that is kept in a file. Any thread. */
#pragma once
#include "serve/serve.h"

struct sessions;
/* Reads the file when there is one; path NULL keeps nothing. */
struct sessions *sessions_open(const char *path, uint32_t timeout_sec);
void sessions_close(struct sessions *s);
/* The session of a login with that name and role: the one it has, or a new one in place of the one
 * that was used longest ago. */
void sessions_login(struct sessions *s, const char *name, const char *role, char ret_token[TOKEN_SIZE]);
/* True for a token that is valid now; marks it as used. */
bool sessions_find(struct sessions *s, const char *token, struct api_key *ret_key);
/* Ends the sessions of a login (its password changed); API keys stay. */
void sessions_forget_logins(struct sessions *s);
int sessions_add_key(struct sessions *s, const char *name, const char *role, uint64_t seconds,
		     char ret_token[TOKEN_SIZE]);
int sessions_revoke(struct sessions *s, const char *name);
uint32_t sessions_keys(struct sessions *s, struct api_key *ret_keys, uint32_t max);
uint32_t sessions_count(struct sessions *s);
