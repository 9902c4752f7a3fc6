/* A network's name: 0 to 32 octets of any value (IEEE 802.11-2020 9.4.2.2), not text. */
#pragma once
#include <stdint.h>
#include <string.h>

#define SSID_MAX 32

struct ssid {
	uint8_t len;
	uint8_t b[SSID_MAX];
};

static inline int ssid_equal(const struct ssid *a, const struct ssid *b)
{
	return a->len == b->len && memcmp(a->b, b->b, a->len) == 0;
}
