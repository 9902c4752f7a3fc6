/* A network's name: 0 to 32 octets of any value (IEEE 802.11-2020 9.4.2.2), not text. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/json_out.h"

#define SSID_MAX 32

struct ssid {
	uint8_t len;
	uint8_t b[SSID_MAX];
};

/* Hidden: without octets, or as many zeros. */
static inline bool ssid_is_hidden(const struct ssid *s)
{
	for (uint8_t i = 0; i < s->len; i++)
		if (s->b[i])
			return false;
	return true;
}

/* The name as it is shown, so that no two are alike (air_octets()); "" for a hidden one. The length. */
#define SSID_TEXT_SIZE (SSID_MAX * 6 + 1)
static inline size_t ssid_text(const struct ssid *s, char ret_text[SSID_TEXT_SIZE])
{
	return air_octets(s->b, ssid_is_hidden(s) ? 0 : s->len, ret_text, SSID_TEXT_SIZE);
}

static inline int ssid_equal(const struct ssid *a, const struct ssid *b)
{
	return a->len == b->len && memcmp(a->b, b->b, a->len) == 0;
}
