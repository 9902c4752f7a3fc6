/* Frames whose FCS was not checked (unverified.h). */
#include "phy/dot11/unverified.h"

#include "base/crc.h"

#define CAPABILITY_ESS 0x01 /* IEEE 802.11-2020 9.4.1.4 */
#define CAPABILITY_IBSS 0x02
#define CAPABILITIES_KEPT 0x0013 /* what kind of network it is, and privacy */
#define ADDRESS_BITS_DAMAGED 8   /* that differ at most between two copies of one address */

/* Elements that differ from beacon to beacon of a network that stays as it is: all have numbers below 128. */
#define BIT(id) (UINT64_C(1) << (id) % 64)
static const uint64_t volatile_ids[2] = {
	BIT(ELEMENT_TIM) | BIT(ELEMENT_BSS_LOAD) | BIT(ELEMENT_CHANNEL_SWITCH) | BIT(ELEMENT_EXTENDED_CHANNEL_SWITCH) |
		BIT(ELEMENT_QUIET),
	BIT(ELEMENT_MANAGEMENT_MIC),
};

/* True if it is one of `left`, which it is left out of then, unless others of its kind may follow. */
static bool take_volatile(uint64_t left[2], uint16_t id, bool again)
{
	if (id >= 128 || !(left[id / 64] & BIT(id)))
		return false;
	if (!again)
		left[id / 64] &= ~BIT(id);
	return true;
}

static uint32_t mix(uint32_t sum, const uint8_t *p, size_t n)
{
	return n ? (sum ^ crc_32(p, n)) * 0x9e3779b1u : sum;
}

uint32_t unverified_sum(const struct frame *f)
{
	const struct elements *all = &f->elements;
	const uint8_t *run = all->list.p, *end = all->list.p + all->list.left;
	uint32_t sum =
		(uint32_t) f->beacon_interval << 16 ^ (f->capability & CAPABILITIES_KEPT) ^ (uint32_t) f->have << 8;
	uint64_t left[2] = {all->have[0] & volatile_ids[0], all->have[1] & volatile_ids[1]};

	for (uint16_t i = 0; (left[0] | left[1]) && i < all->n; i++) {
		const uint8_t *head = all->list.p + all->entries[i].at;

		if (!take_volatile(left, all->entries[i].id, all->repeated))
			continue;
		sum = mix(sum, run, (size_t) (head - run));
		run = head + 2 + all->entries[i].length;
	}
	sum = mix(sum, run, (size_t) (end - run));
	return sum ? sum : 1;
}

static void add(struct unverified *u, uint32_t sum)
{
	u->known[u->next] = sum;
	u->next = (uint8_t) ((u->next + 1) % UNVERIFIED_KNOWN);
	u->odd = 0;
	u->odd_run = 0;
}

static bool takes(struct unverified *u, uint32_t sum)
{
	for (size_t i = 0; i < UNVERIFIED_KNOWN; i++)
		if (u->known[i] == sum) {
			u->odd_run = 0;
			u->equal = u->equal < UNVERIFIED_EQUAL ? (uint8_t) (u->equal + 1) : UNVERIFIED_EQUAL;
			return true;
		}
	if (u->odd_run == UNVERIFIED_ODD_MOST)
		u->equal = 0;
	if (u->equal < UNVERIFIED_EQUAL || u->odd == sum) {
		add(u, sum);
		return true;
	}
	u->odd = sum;
	u->odd_run++;
	u->odd_copies = 0;
	return false;
}

bool unverified_takes_again(struct unverified *u, uint32_t sum)
{
	for (size_t i = 0; i < UNVERIFIED_KNOWN; i++)
		if (u->known[i] == sum)
			return true;
	if (u->equal < UNVERIFIED_EQUAL)
		return true;
	return u->odd == sum && ++u->odd_copies >= UNVERIFIED_COPIES && unverified_takes(u, sum);
}

bool unverified_takes(struct unverified *u, uint32_t sum)
{
	if (!takes(u, sum))
		return false;
	if (u->believed != sum) {
		u->run_before = u->run;
		u->run = 0;
		u->believed = sum;
	}
	if (u->run < UINT8_MAX)
		u->run++;
	return true;
}

bool unverified_is_torn_apart(const struct frame *f)
{
	uint64_t differ = mac_u64(&f->source) ^ mac_u64(&f->bssid);

	return (f->capability & (CAPABILITY_ESS | CAPABILITY_IBSS)) == CAPABILITY_ESS && differ &&
	       __builtin_popcountll(differ) <= ADDRESS_BITS_DAMAGED;
}
