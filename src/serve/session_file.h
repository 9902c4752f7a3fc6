/* The file of sessions and API keys: JSON, readable by its owner alone, with hashes instead of tokens. Files of
 * earlier versions, a list with the keys' tokens, are read too. */
#pragma once
#include <stddef.h>

#include "serve/session.h"

#define SESSION_SALT_SIZE 16

/* Hashes a token. */
void session_hash(const char *token, uint8_t ret_hash[SESSION_HASH_SIZE]);
/* Reads the file and calls take() for each session and key in it; sessions of another login are left out. True when
 * the file should be written anew, since it holds tokens. */
bool session_file_read(const char *path, const char *login, void (*take)(void *ctx, const struct session *s),
		       void *ctx);
/* 0 or negative, with a logged reason. */
int session_file_write(const char *path, const char *login, const struct session *all, size_t n);
