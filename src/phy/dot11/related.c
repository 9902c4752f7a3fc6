#include "phy/dot11/related.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/mem.h"
#include "wire/dot11/summary.h"

#define SETS 128
#define WAYS 32 /* of one set: stations with the same elements that are told apart at a time */
#define WINDOW_US UINT64_C(120000000)
#define GAP_BASE 16                                /* numbers that a station uses up between addresses */
#define GAP_PER_SEC 1.0                            /* and for each second that it was silent */
#define GAP_MOST 16                                /* times the mean: farther numbers are as good as impossible */
#define GAP_FARTHEST (GAP_MOST * (GAP_BASE + 120)) /* of a station that was silent for all of WINDOW_US */
#define PRIOR 8.0                                  /* weight of an unknown station, against a chance match at 1 */
#define PERCENT_LEAST 50
#define UUID_PERCENT 90 /* some vendors give many devices one UUID */
#define COLOCATED_KEPT 4096

struct prober {
	uint64_t time_us;
	uint32_t signature;
	uint16_t sequence;
	bool used, by_uuid;
	struct mac mac;
};
/* What co-located access points have in common: when their clocks began, or their WPS UUID. */
struct colocated {
	uint64_t mark;
	struct mac bssid;
	bool used;
};
struct colocated_list {
	struct colocated items[COLOCATED_KEPT];
	uint32_t next;
};
struct related {
	pthread_mutex_t lock, colocated_lock;
	struct prober probers[SETS][WAYS];
	struct colocated_list clocks, uuids; /* under colocated_lock */
};

struct related *related_create(void)
{
	struct related *k = xnew(struct related, 1);

	(void) pthread_mutex_init(&k->lock, NULL);
	(void) pthread_mutex_init(&k->colocated_lock, NULL);
	return k;
}

void related_destroy(struct related *k)
{
	if (!k)
		return;
	(void) pthread_mutex_destroy(&k->lock);
	(void) pthread_mutex_destroy(&k->colocated_lock);
	free(k);
}

/* Rates, HT and VHT and HE and EHT, radio measurement, interworking and extended capabilities: of the device. The
 * names, channels and vendors' elements differ from probe to probe. */
static bool says_kind(enum element_id id)
{
	switch (id) {
	case ELEMENT_SUPPORTED_RATES:
	case ELEMENT_HT_CAPABILITIES:
	case ELEMENT_EXTENDED_RATES:
	case ELEMENT_OPERATING_CLASSES:
	case ELEMENT_RM_CAPABILITIES:
	case ELEMENT_INTERWORKING:
	case ELEMENT_EXTENDED_CAPABILITIES:
	case ELEMENT_VHT_CAPABILITIES:
	case ELEMENT_HE_CAPABILITIES:
	case ELEMENT_EHT_CAPABILITIES: return true;
	default: return false;
	}
}

/* xxHash32 of the probe's elements that show what a device is, rather than what it looks for. */
static uint32_t probe_signature(const struct frame *f)
{
	struct elements_at at = {0};
	struct element e;
	uint32_t sum = 0;

	while (elements_next(&f->elements, &at, &e))
		if (says_kind(e.id))
			sum = XXH32(e.body.p - 2, e.body.left + 2, sum);
	return sum;
}

/* How much likelier the sequence number is when the station is the same than by chance. */
static double likelihood(const struct prober *p, uint16_t sequence, uint64_t time_us)
{
	unsigned gap = (unsigned) (sequence - p->sequence) & 4095;
	double mean;

	if (gap == 0 || gap >= GAP_FARTHEST)
		return 0;
	mean = GAP_BASE + GAP_PER_SEC * ((double) (time_us - p->time_us) * 1e-6);
	return gap < GAP_MOST * mean ? 4096 / mean * exp(-(double) gap / mean) : 0;
}

static bool could_be(const struct prober *p, const struct prober *now)
{
	return p->signature == now->signature && p->used && p->by_uuid == now->by_uuid &&
	       (p->by_uuid ? p->time_us <= now->time_us : now->time_us - p->time_us <= WINDOW_US) &&
	       (mac_is_local(&now->mac) || mac_is_local(&p->mac));
}

/* The likeliest of the set, against all others and an unknown station. */
static struct prober *choose(struct prober *set, const struct prober *now, uint8_t *ret_percent)
{
	struct prober *best = NULL;
	double most = 0, sum = 0;
	unsigned n = 0;

	for (size_t i = 0; i < WAYS; i++) {
		double l;

		if (!could_be(&set[i], now))
			continue;
		l = now->by_uuid ? 1 : likelihood(&set[i], now->sequence, now->time_us);
		sum += l;
		n++;
		if (l > most || (now->by_uuid && best && set[i].time_us > best->time_us)) {
			most = l;
			best = &set[i];
		}
	}
	if (!best)
		return NULL;
	*ret_percent = now->by_uuid ? UUID_PERCENT : (uint8_t) (100 * most / (sum + PRIOR * sqrt(n)));
	return *ret_percent >= PERCENT_LEAST ? best : NULL;
}

/* Its slot in the set, or NULL and the slot not seen for the longest: an unused slot before all. */
static struct prober *find(struct prober *set, const struct prober *now, struct prober **ret_oldest)
{
	struct prober *oldest = set;

	for (size_t i = 0; i < WAYS; i++) {
		if (set[i].signature == now->signature && mac_equal(&set[i].mac, &now->mac) && set[i].used)
			return &set[i];
		if (set[i].time_us < oldest->time_us)
			oldest = &set[i];
	}
	*ret_oldest = oldest;
	return NULL;
}

static struct related_match note(struct related *k, const struct prober *now)
{
	struct prober *set = k->probers[now->signature % SETS], *at, *oldest, *best = NULL;
	struct related_match m = {.percent = 0};

	(void) pthread_mutex_lock(&k->lock);
	at = find(set, now, &oldest);
	if (!at && (best = choose(set, now, &m.percent))) {
		m.mac = best->mac;
		at = best; /* claimed: no other device can have had that address */
	} else if (!at) {
		m.percent = 0;
		at = oldest;
	}
	*at = *now;
	(void) pthread_mutex_unlock(&k->lock);
	return m;
}

uint64_t wps_uuid_hash(const struct frame *f)
{
	uint8_t any = 0, all = 0xff;
	const struct span *u;
	struct wps wps;

	if (!frame_wps(f, &wps))
		return 0;
	u = &wps.uuid_e;
	if (u->left != 16)
		return 0;
	for (size_t i = 0; i < 16; i++) {
		any |= u->p[i];
		all &= u->p[i];
	}
	return any != 0 && all != 0xff ? XXH64(u->p, 16, 1) : 0;
}

struct related_match related_probe(struct related *k, const struct frame *f, uint64_t time_us)
{
	struct prober now = {.time_us = time_us, .sequence = f->sequence, .used = true, .mac = f->source};
	uint64_t uuid = wps_uuid_hash(f);
	struct related_match m;

	now.signature = probe_signature(f);
	m = note(k, &now);
	if (uuid) {
		struct related_match by_uuid;

		now.signature = (uint32_t) uuid;
		now.by_uuid = true;
		by_uuid = note(k, &now);
		if (by_uuid.percent > m.percent)
			m = by_uuid;
	}
	return m;
}

/* Notes the mark, and finds others within `apart` of it. */
static uint32_t note_colocated(struct colocated_list *colocated_list, const struct colocated *now, uint64_t apart,
			       struct mac *ret, uint32_t max)
{
	struct colocated *own = NULL;
	uint32_t n = 0;

	for (size_t i = 0; i < COLOCATED_KEPT && colocated_list->items[i].used; i++) {
		struct colocated *b = &colocated_list->items[i];

		if (mac_equal(&b->bssid, &now->bssid))
			own = b;
		else if (n < max && (b->mark > now->mark ? b->mark - now->mark : now->mark - b->mark) <= apart)
			ret[n++] = b->bssid;
	}
	if (!own)
		own = &colocated_list->items[colocated_list->next++ % COLOCATED_KEPT];
	*own = *now;
	return n;
}

uint32_t colocated_by_clock(struct related *k, const struct mac *bssid, int64_t began_us, uint64_t window_us,
			    struct mac *ret, uint32_t max)
{
	/* Clocks may have begun before 1970: the sign is moved out of the way. */
	struct colocated now = {.mark = (uint64_t) began_us ^ UINT64_C(1) << 63, .bssid = *bssid, .used = true};
	uint32_t n;

	(void) pthread_mutex_lock(&k->colocated_lock);
	n = note_colocated(&k->clocks, &now, window_us, ret, max);
	(void) pthread_mutex_unlock(&k->colocated_lock);
	return n;
}

uint32_t colocated_by_uuid(struct related *k, const struct mac *bssid, uint64_t uuid, struct mac *ret, uint32_t max)
{
	struct colocated now = {.mark = uuid, .bssid = *bssid, .used = true};
	uint32_t n;

	(void) pthread_mutex_lock(&k->colocated_lock);
	n = note_colocated(&k->uuids, &now, 0, ret, max);
	(void) pthread_mutex_unlock(&k->colocated_lock);
	return n;
}
