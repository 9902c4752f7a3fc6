/* The token of the first password. While no login is set, anyone who reaches the server could take it over; so the
 * first one needs a token that only a user of the machine can read: on the terminal, in the log, and in a file. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#define SETUP_TOKEN_SIZE 20 /* "ABCD-EFGH-IJKL-MNOP" */

struct setup;
/* Makes a token, prints it on the terminal and writes it to the file, for its owner alone; NULL: to no file. It is kept
 * off the message bus, which anyone on this machine may read. */
struct setup *setup_begin(const char *path);
/* Removes the token and its file: the login is set. NULL: does nothing. */
void setup_end(struct setup *s);
/* Removes what an earlier run may have left there. */
void setup_clear(const char *path);
/* In constant time; dashes, spaces and the case of letters do not count. */
bool setup_is_right(const struct setup *s, const char *token);
/* A sentence on where the token is found. */
void setup_where(const char *path, char *ret_sentence, size_t size);
