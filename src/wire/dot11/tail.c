/* Where an 802.11 frame may end (tail.h). */
#include "wire/dot11/tail.h"

#include "wire/dot11/element_id.h"
#include "wire/dot11/frame.h"

#define FLAG_TO_DS 0x01
#define FLAG_FROM_DS 0x02
#define FLAG_PROTECTED 0x40
#define FLAG_HTC 0x80
#define HEADER 24
#define NO_BODY 0x4 /* bit of a data frame's subtype, 9.2.4.1.3 */
#define QOS 0x8

/* Octets of control frames that have no body, by subtype; 0: they differ. */
static const uint8_t control_octets[16] = {[10] = 16, [11] = 16, [12] = 10, [13] = 10, [14] = 16, [15] = 16};

/* Octets between header and elements of management frames, one more; 0: no elements that anybody could read. */
static const uint8_t fixed_octets[16] = {
	[MGMT_ASSOC_REQ] = 1 + 4,    [MGMT_ASSOC_RESP] = 1 + 6, [MGMT_REASSOC_REQ] = 1 + 10,
	[MGMT_REASSOC_RESP] = 1 + 6, [MGMT_PROBE_REQ] = 1 + 0,  [MGMT_PROBE_RESP] = 1 + 12,
	[MGMT_BEACON] = 1 + 12,      [MGMT_DISASSOC] = 1 + 2,   [MGMT_DEAUTH] = 1 + 2,
};

static uint32_t bit_of(size_t left)
{
	return left <= TAIL_MAX ? UINT32_C(1) << left : 0;
}

static uint32_t behind(struct span frame, size_t octets)
{
	return frame.left < octets ? 0 : bit_of(frame.left - octets);
}

/* A name of no octets stands first: two zeros further back are no element. */
static uint32_t elements_end(struct span list)
{
	uint32_t bits = bit_of(list.left);
	bool first = true;

	while (list.left >= 2 && (first || list.p[0] != ELEMENT_SSID)) {
		size_t n = 2u + list.p[1];

		if (n > list.left)
			break;
		span_skip(&list, n);
		bits |= bit_of(list.left);
		first = false;
	}
	return bits;
}

uint32_t dot11_tail(struct span frame)
{
	uint8_t type, subtype, flags;

	if (frame.left < 10 || frame.p[0] & 3)
		return 0;
	type = frame.p[0] >> 2 & 3;
	subtype = frame.p[0] >> 4;
	flags = frame.p[1];
	if (type == FRAME_CONTROL)
		return control_octets[subtype] ? behind(frame, control_octets[subtype]) : 0;
	if (type == FRAME_MANAGEMENT) {
		if (!fixed_octets[subtype] || flags & FLAG_PROTECTED)
			return 0;
		span_skip(&frame, HEADER + (flags & FLAG_HTC ? 4u : 0u) + fixed_octets[subtype] - 1u);
		return frame.bad ? 0 : elements_end(frame);
	}
	if (type != FRAME_DATA || !(subtype & NO_BODY))
		return 0;
	return behind(frame, HEADER + (flags & FLAG_TO_DS && flags & FLAG_FROM_DS ? 6u : 0u) +
				     (subtype & QOS ? 2u : 0u) + (subtype & QOS && flags & FLAG_HTC ? 4u : 0u));
}
