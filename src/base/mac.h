/* A 48-bit address as a value, and its text "AA:BB:CC:DD:EE:FF". */
#pragma once
#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define MAC_TEXT_SIZE 18

struct mac {
	uint8_t b[6];
};

struct mac_mask {
	struct mac mac;
	struct mac mask; /* all ones where the address was given whole */
};

static inline bool mac_equal(const struct mac *a, const struct mac *b)
{
	uint32_t x, y;
	uint16_t v, w;

	memcpy(&x, a->b, 4);
	memcpy(&y, b->b, 4);
	memcpy(&v, a->b + 4, 2);
	memcpy(&w, b->b + 4, 2);
	return ((x ^ y) | (uint32_t) (v ^ w)) == 0;
}

static inline struct mac mac_from(const uint8_t *six)
{
	struct mac m;

	memcpy(m.b, six, sizeof(m.b));
	return m;
}

static inline uint64_t mac_u64(const struct mac *m)
{
	uint32_t high;
	uint16_t low;

	memcpy(&high, m->b, 4);
	memcpy(&low, m->b + 4, 2);
	return (uint64_t) be32toh(high) << 16 | be16toh(low);
}

static inline struct mac mac_of_u64(uint64_t v)
{
	return (struct mac){{(uint8_t) (v >> 40), (uint8_t) (v >> 32), (uint8_t) (v >> 24), (uint8_t) (v >> 16),
			     (uint8_t) (v >> 8), (uint8_t) v}};
}

static inline bool mac_is_zero(const struct mac *m)
{
	static const struct mac zero;

	return mac_equal(m, &zero);
}
static inline bool mac_is_group(const struct mac *m)
{
	return m->b[0] & 1;
}
static inline bool mac_is_local(const struct mac *m)
{
	return m->b[0] & 2;
}
static inline bool mac_matches(const struct mac *m, const struct mac_mask *k)
{
	return ((mac_u64(m) ^ mac_u64(&k->mac)) & mac_u64(&k->mask)) == 0;
}

/* Writes 17 upper-case characters and a NUL. */
void mac_format(const struct mac *m, char ret_text[MAC_TEXT_SIZE]);
/* Reads "AA:BB:CC:DD:EE:FF", any case, also with '-' between; the whole of n bytes.
 * ERR_MALFORMED otherwise. */
int mac_parse(const char *s, size_t n, struct mac *ret_mac);
static inline struct mac_mask mac_mask_whole(const struct mac *mac)
{
	return (struct mac_mask){*mac, mac_of_u64(0xffffffffffff)};
}
static inline bool mac_mask_is_whole(const struct mac_mask *k)
{
	return mac_u64(&k->mask) == 0xffffffffffff;
}
static inline bool mac_mask_equal(const struct mac_mask *a, const struct mac_mask *b)
{
	return mac_equal(&a->mac, &b->mac) && mac_equal(&a->mask, &b->mask);
}

#define MAC_MASK_TEXT_SIZE (2 * MAC_TEXT_SIZE)
/* As mac_format(), with "/FF:FF:FF:00:00:00" behind it unless the address is whole. */
void mac_mask_format(const struct mac_mask *k, char ret_text[MAC_MASK_TEXT_SIZE]);
/* As mac_parse(), with an optional "/FF:FF:FF:00:00:00" behind it. */
int mac_mask_parse(const char *s, size_t n, struct mac_mask *ret_mask);
