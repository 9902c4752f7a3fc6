/* The MAC header (IEEE 802.11-2020 9.2, 9.3) and who its addresses are. */
#include "wire/dot11/frame.h"

#include <stddef.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "wire/dot11/parse.h"

enum {
	FC_TO_DS = 1,
	FC_FROM_DS = 2,
	FC_MORE_FRAGMENTS = 4,
	FC_RETRY = 8,
	FC_POWER = 16,
	FC_PROTECTED = 64,
	FC_ORDER = 128
};

static struct mac take_mac(struct span *s)
{
	return mac_from(span_take(s, 6));
}

static void take_control(uint16_t fc, struct frame *f)
{
	uint8_t flags = (uint8_t) (fc >> 8);

	f->type = fc >> 2 & 3;
	f->subtype = fc >> 4 & 15;
	f->distribution = (flags & FC_TO_DS ? DIST_TO_DS : 0) | (flags & FC_FROM_DS ? DIST_FROM_DS : 0);
	f->more_fragments = flags & FC_MORE_FRAGMENTS;
	f->retry = flags & FC_RETRY;
	f->power_save = flags & FC_POWER;
	f->protected_ = flags & FC_PROTECTED;
	f->order = flags & FC_ORDER;
}

/* Table 9-30: what addresses 1 to 4 mean. */
static void name_addresses(struct frame *f)
{
	f->receiver = f->addr1;
	f->transmitter = f->addr2;
	f->destination = f->addr1;
	f->source = f->addr2;
	f->bssid = f->addr3;
	if (f->type != FRAME_DATA)
		return;
	switch ((enum frame_distribution) f->distribution) {
	case DIST_ADHOC: break;
	case DIST_FROM_DS:
		f->bssid = f->addr2;
		f->source = f->addr3;
		break;
	case DIST_TO_DS:
		f->bssid = f->addr1;
		f->destination = f->addr3;
		break;
	case DIST_INTER_DS:
		f->bssid = (struct mac){{0}};
		f->destination = f->addr3;
		f->source = f->addr4;
		break;
	}
}

static int take_addresses(struct span *s, struct frame *f)
{
	uint16_t control;

	f->duration = span_le16(s);
	f->addr1 = take_mac(s);
	if (s->bad)
		return ERR_TRUNCATED;
	f->receiver = f->destination = f->addr1;
	if (f->type == FRAME_CONTROL || f->type == FRAME_EXTENSION) {
		struct span rest = *s;
		struct mac second = take_mac(&rest);

		if (!rest.bad && f->type == FRAME_CONTROL)
			f->addr2 = f->transmitter = second;
		return 0;
	}
	f->addr2 = take_mac(s);
	f->addr3 = take_mac(s);
	control = span_le16(s);
	f->sequence = control >> 4;
	f->fragment = control & 15;
	if (f->type == FRAME_DATA && f->distribution == DIST_INTER_DS) {
		f->addr4 = take_mac(s);
		f->has_addr4 = true;
	}
	f->short_header = s->bad;
	if (!s->bad) {
		f->have |= FRAME_HAS_ADDRESSES;
		name_addresses(f);
	}
	return 0;
}

static void clear_rest(struct frame *f)
{
	mem_clear(&f->timestamp, offsetof(struct frame, elements) + offsetof(struct elements, entries) -
					 offsetof(struct frame, timestamp));
}

#define EXTENSION_S1G_BEACON 1 /* table 9-1, extension subtypes */

/* Its frame control has other flags, and its header one address. */
static int dissect_s1g(struct span mpdu, uint16_t fc, struct frame *f)
{
	if (mpdu.left < 8)
		return ERR_TRUNCATED;
	f->distribution = DIST_ADHOC;
	f->more_fragments = f->retry = f->power_save = f->protected_ = f->order = false;
	clear_rest(f);
	parse_s1g_beacon(mpdu, fc, f);
	return 0;
}

int frame_dissect(struct span mpdu, struct frame *ret_frame)
{
	return frame_dissect_known(mpdu, NULL, ret_frame);
}

int frame_dissect_known(struct span mpdu, struct known_lists *known, struct frame *ret_frame)
{
	struct frame *f = ret_frame;
	uint16_t fc;
	int r;

	memset(f, 0, offsetof(struct frame, timestamp));
	fc = span_le16(&mpdu);
	if (mpdu.bad)
		return ERR_TRUNCATED;
	f->version = fc & 3;
	take_control(fc, f);
	if (f->type == FRAME_EXTENSION && f->subtype == EXTENSION_S1G_BEACON)
		return dissect_s1g(mpdu, fc, f);
	r = take_addresses(&mpdu, f);
	if (r < 0)
		return r;
	f->body = f->short_header ? (struct span){0} : mpdu;
	clear_rest(f);
	if (f->short_header)
		return 0;
	if (f->type == FRAME_MANAGEMENT)
		parse_management(mpdu, known, f);
	else if (f->type == FRAME_DATA)
		parse_data(mpdu, f);
	return 0;
}
