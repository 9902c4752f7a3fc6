#include "store/log/beacon_thinning.h"

#include <stdlib.h>

#include "base/period.h"
#include "base/crc.h"
#include "base/mem.h"
#include "wire/dot11/elements.h"

#define FRAME_CONTROL_BEACON 0x80
#define HEADER 24 /* IEEE 802.11-2020 9.3.3.1: of a management frame without HT control */
#define TIMESTAMP 8

struct slot {
	uint64_t bssid, kept_us;
	uint32_t content, left_out;
};

struct beacons {
	struct slot slots[BEACON_SLOTS];
};

struct beacons *beacons_create(void)
{
	return xnew(struct beacons, 1);
}

void beacons_destroy(struct beacons *b)
{
	free(b);
}

static uint32_t mix(uint32_t hash, const uint8_t *p, size_t n)
{
	return n ? (hash ^ crc_32(p, n)) * 0x9e3779b1u + 1 : hash;
}

/* What a beacon says, but for its time, its sequence number, its traffic map and its integrity counter. */
static uint32_t content_of(struct span body)
{
	const uint8_t *run, *end;
	struct element e;
	uint32_t hash;
	size_t n = 4;

	(void) span_take(&body, TIMESTAMP);
	run = body.p;
	if (body.bad || body.left < n)
		return 0;
	(void) span_take(&body, n); /* interval and capability */
	hash = 1;
	end = body.p + body.left;
	while (element_next(&body, &e)) {
		if (e.id != ELEMENT_TIM && e.id != ELEMENT_MANAGEMENT_MIC)
			continue;
		hash = mix(hash, run, (size_t) (e.body.p - 2 - run));
		run = body.p;
	}
	return mix(hash, run, (size_t) (end - run)) | 1;
}

bool beacons_keep(struct beacons *b, const struct packet_summary *s, const uint8_t *data, uint32_t *ret_left_out)
{
	uint64_t bssid = mac_u64(&s->bssid);
	struct slot *slot = &b->slots[(bssid * UINT64_C(0x9e3779b97f4a7c15)) >> 48];
	uint32_t content;

	*ret_left_out = 0;
	if (s->is_data || s->broken || !bssid || s->frame.link != LINKTYPE_IEEE802_11 || s->frame.bad ||
	    s->frame.octets < HEADER || data[s->frame.at] != FRAME_CONTROL_BEACON)
		return true;
	content = content_of(span_of(data + s->frame.at + HEADER, s->frame.octets - HEADER));
	if (slot->bssid == bssid && slot->content == content && !s->tags.raised && s->time_us >= slot->kept_us &&
	    s->time_us - slot->kept_us < BEACON_KEEP_SEC * UINT64_C(1000000)) {
		slot->left_out++;
		return false;
	}
	if (slot->bssid == bssid)
		*ret_left_out = slot->left_out;
	*slot = (struct slot){bssid, s->time_us, content, 0};
	return true;
}
