/* What is secret in a definition or a sentence about one: passwords, keys and tokens. Pure; any thread. */
#pragma once
#include <stddef.h>

/* Replaces by "***" the value of every option whose name speaks of a password, a key, a token or the like, up to the
 * comma behind it, and the password of every URL. The text stays within `size` octets. */
void secret_mask(char *text, size_t size);
