/* The name of a device across time: its phy and its address, "4202770D00000000_FFEEDDCCBBAA". */
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "base/mac.h"

#define KEY_TEXT_SIZE 36

struct key {
	uint32_t phy_hash; /* key_phy_hash() of the phy's name */
	struct mac mac;
};

/* Kismet's sum over a phy's name: 0 for names shorter than 4 bytes. Also names sources. */
uint32_t key_phy_hash(const char *name);
/* Both halves byte-swapped, in upper-case hex without leading zeros, the first at least two long. */
void key_format(const struct key *k, char ret_text[KEY_TEXT_SIZE]);
/* Two hex numbers joined by '_', any case, leading zeros allowed; ERR_MALFORMED otherwise,
 * ERR_NOT_FOUND for numbers that no phy and address have. */
int key_parse(const char *s, size_t n, struct key *ret_key);

static inline int key_equal(const struct key *a, const struct key *b)
{
	return a->phy_hash == b->phy_hash && mac_equal(&a->mac, &b->mac);
}
