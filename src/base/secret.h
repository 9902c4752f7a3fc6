/* What is secret in a definition or a sentence about one: passwords, keys and tokens. Pure; any thread. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

/* Replaces by "***" the value of every option whose name speaks of a password, a key, a token or the like, up to the
 * comma and the name of the next option, and the password of every URL. A value may have any sign, so a sentence around
 * it goes with it: code that puts a definition into a sentence masks the definition first, and what is masked stays as
 * it is. The text stays within `size` octets. */
void secret_mask(char *text, size_t size);
/* True for the name of an option whose value is secret. */
bool secret_is_name(const char *name, size_t n);
