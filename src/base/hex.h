/* Hexadecimal digits, read and written. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

extern const char hex_upper[17], hex_lower[17]; /* the 16 digits and a NUL */

/* 0 to 15, of either case; -1: it is no digit. */
int hex_value(char c);
/* Reads 2 * n digits, which are the whole text, into n octets; false, with ret as it may be, for any other text or
 * NULL. */
bool hex_read(const char *text, uint8_t *ret, size_t n);
/* Writes n octets as 2 * n of the digits, without a NUL; behind the last. */
char *hex_write(char *to, const char digits[17], const void *octets, size_t n);
