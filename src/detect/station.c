#include "detect/station.h"

#include <stdlib.h>

#include "base/limit.h"
#include "base/mem.h"
#include "wire/dot11/summary.h"

#define WAYS 4
#define IDLE_US 60000000  /* after which one makes way for anybody */
#define CYCLE_US 10000000 /* between being thrown out and coming back */
#define CYCLES_GAP_US 120000000
#define ETHERTYPE_EAPOL 0x888e
#define ALGORITHM_SAE 3

static bool is_management(const struct frame *f, uint32_t subtypes)
{
	return f->type == FRAME_MANAGEMENT && (subtypes >> f->subtype & 1);
}
#define SUBTYPE(n) (UINT32_C(1) << (n))
#define REQUESTS (SUBTYPE(MGMT_ASSOC_REQ) | SUBTYPE(MGMT_REASSOC_REQ))
#define ANSWERS (SUBTYPE(MGMT_ASSOC_RESP) | SUBTYPE(MGMT_REASSOC_RESP))
#define DISCONNECTS (SUBTYPE(MGMT_DEAUTH) | SUBTYPE(MGMT_DISASSOC))

static bool is_data(const struct frame *f)
{
	return f->type == FRAME_DATA && !(f->subtype & DATA_NULL_BIT) && f->ethertype != ETHERTYPE_EAPOL &&
	       f->body.left > 0;
}

/* Worth a state of its own: floods of random addresses make none by their logins. */
static bool shows_state(const struct frame *f)
{
	return is_data(f) || is_management(f, REQUESTS | ANSWERS | DISCONNECTS) ||
	       (is_management(f, SUBTYPE(MGMT_AUTH)) && f->auth_algorithm == ALGORITHM_SAE);
}

/* Data and joins make one worth more than others. */
static unsigned worth(const struct station_state *x, uint64_t now_us)
{
	if (!x->used_us)
		return 0;
	if (now_us > x->used_us + IDLE_US)
		return 1;
	return x->data_us ? 3 : 2;
}

static struct station_state *find(struct stations *s, const struct mac *station, const struct mac *bssid,
				  uint64_t now_us, bool make)
{
	uint64_t hash = (mac_u64(station) ^ mac_u64(bssid) << 16) * UINT64_C(0x9e3779b97f4a7c15);
	struct station_state *set, *least;

	if (!s->items) {
		s->sets = (uint32_t) (limit_of(LIMIT_STATIONS) / WAYS);
		s->items = xnew(struct station_state, s->sets * WAYS);
	}
	set = least = &s->items[(hash >> 32) % s->sets * WAYS];
	for (struct station_state *x = set; x < set + WAYS; x++)
		if (x->used_us && mac_equal(&x->station, station) && mac_equal(&x->bssid, bssid))
			return x;
	if (!make)
		return NULL;
	for (struct station_state *x = set; x < set + WAYS; x++) {
		unsigned a = worth(x, now_us), b = worth(least, now_us);

		if (a != b ? a < b : x->used_us < least->used_us)
			least = x;
	}
	if (worth(least, now_us) > 1)
		limit_hit(LIMIT_STATIONS);
	*least = (struct station_state){.station = *station, .bssid = *bssid};
	return least;
}

static void count_disconnect(struct station_state *x, uint64_t now_us, bool own)
{
	bool goes_on =
		x->disconnects && now_us >= x->disconnected_us && now_us < x->disconnected_us + DISCONNECT_GAP_US;

	if (!goes_on)
		x->first_us = now_us;
	x->disconnects = goes_on ? (uint16_t) (x->disconnects + (x->disconnects < UINT16_MAX)) : 1;
	x->disconnected_us = now_us;
	if (!own)
		x->thrown_us = now_us;
}

/* One that was thrown out joins again. */
static void count_join(struct station_state *x, const struct frame *f, uint64_t now_us)
{
	bool back = x->thrown_us && now_us >= x->thrown_us && now_us < x->thrown_us + CYCLE_US;
	const struct frame_security security = frame_security(f);

	x->protects = security.mfp_supported || security.mfp_required;
	x->requested_us = now_us;
	x->offers = 0;
	if (!back)
		return;
	x->thrown_us = 0;
	if (!x->cycles || now_us > x->cycles_us + CYCLES_GAP_US || now_us < x->cycles_us) {
		x->cycles = 0;
		x->cycles_us = now_us;
	}
	if (x->cycles < UINT8_MAX)
		x->cycles++;
}

/* A station that answers is none that only collects; nor is one whose answer was missed: its handshake goes on. */
static void count_offer(struct station_state *x, const struct frame *f, bool from_ap)
{
	if (from_ap && f->eapol.message == 1) {
		if (f->eapol.has_pmkid && !f->retry && x->requested_us && x->offers < UINT8_MAX)
			x->offers++;
		return;
	}
	x->requested_us = 0;
	x->offers = 0;
}

static void learn(struct station_state *x, const struct packet *packet, const struct frame *f, bool from_ap, bool own)
{
	uint64_t now_us = packet->time_us;

	if (f->have & FRAME_HAS_EAPOL)
		count_offer(x, f, from_ap);
	else if (is_data(f))
		x->data_us = now_us;
	else if (is_management(f, DISCONNECTS))
		count_disconnect(x, now_us, own);
	else if (is_management(f, REQUESTS) && !from_ap && !f->retry)
		count_join(x, f, now_us);
	else if (is_management(f, ANSWERS) && from_ap && f->status == 0)
		x->joined_us = now_us;
	else if (is_management(f, SUBTYPE(MGMT_AUTH)) && f->auth_algorithm == ALGORITHM_SAE && !from_ap && !f->retry)
		x->commits = f->auth_transaction == 1 ? (uint8_t) (x->commits + (x->commits < UINT8_MAX)) : 0;
	x->used_us = now_us;
}

void stations_skip(struct stations *s)
{
	s->now = NULL;
	if (!mac_is_zero(&s->before.station))
		s->before = (struct station_state){0};
}

void stations_learn(struct stations *s, const struct packet *packet, const struct frame *f,
		    const struct habit_match *match)
{
	bool from_ap = mac_equal(&f->source, &f->bssid) || f->distribution == DIST_FROM_DS;
	const struct mac *station = from_ap ? &f->destination : &f->source;

	s->now = NULL;
	if (mac_is_zero(&f->bssid) || mac_is_group(&f->bssid) || mac_is_group(station) || mac_is_zero(station) ||
	    mac_equal(station, &f->bssid)) {
		stations_skip(s);
		return;
	}
	s->now = find(s, station, &f->bssid, packet->time_us, shows_state(f));
	if (!s->now) {
		stations_skip(s);
		return;
	}
	s->before = *s->now;
	learn(s->now, packet, f, from_ap, match->own);
}

void stations_finish(struct stations *s)
{
	free(s->items);
}
