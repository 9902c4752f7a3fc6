/* A UUID as a value, and its text in upper case. */
#pragma once
#include <stddef.h>
#include <stdint.h>

#define UUID_TEXT_SIZE 37

struct uuid {
	uint8_t b[16];
};

void uuid_format(const struct uuid *u, char ret_text[UUID_TEXT_SIZE]);
/* The 8-4-4-4-12 form in any case, all of n bytes; ERR_MALFORMED otherwise. */
int uuid_parse(const char *s, size_t n, struct uuid *ret_uuid);
/* RFC 9562 version 4, from the kernel's random numbers. */
struct uuid uuid_random(void);
