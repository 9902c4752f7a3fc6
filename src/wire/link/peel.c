/* From link type to bare frame: the radio's header goes, the FCS is checked and goes. */
#include "base/crc.h"
#include "base/err.h"
#include "wire/dot11/tail.h"
#include "wire/link/btle_header.h"
#include "wire/link/ppi.h"
#include "wire/link/prism.h"
#include "wire/link/radio_header.h"
#include "wire/link/radiotap.h"

#define FCS_OCTETS 4 /* IEEE 802.11-2020 9.2.4.8 */

static int direction_peel(struct span *s, struct packet *packet, uint8_t *fcs)
{
	(void) packet;
	(void) fcs;
	span_skip(s, 4); /* to the controller or from it */
	return s->bad ? ERR_TRUNCATED : 0;
}

/* A new header is a function and a row. */
static const struct peeler {
	uint16_t linktype;
	uint16_t link; /* what is behind the header, unless the header says it */
	int (*peel)(struct span *s, struct packet *packet, uint8_t *fcs);
} peelers[] = {
	{LINKTYPE_RADIOTAP, LINKTYPE_IEEE802_11, radiotap_peel},
	{LINKTYPE_PPI, LINKTYPE_NONE, ppi_peel},
	{LINKTYPE_PRISM, LINKTYPE_IEEE802_11, prism_peel},
	{LINKTYPE_AVS, LINKTYPE_IEEE802_11, avs_peel},
	{LINKTYPE_BLUETOOTH_LE_LL, LINKTYPE_BLUETOOTH_LE_LL, btle_peel},
	{LINKTYPE_BLUETOOTH_LE_LL_WITH_PHDR, LINKTYPE_BLUETOOTH_LE_LL, btle_phdr_peel},
	{LINKTYPE_BLUETOOTH_HCI_H4_WITH_PHDR, LINKTYPE_BLUETOOTH_HCI_H4, direction_peel},
};

#define CRC_RESIDUE 0x2144df1cu /* CRC-32 of anything with its own CRC-32 behind it */

/* Takes n octets off the end and works out the hash of what is left; true if the first four of them are its FCS. */
static bool take_off(struct packet *packet, size_t n)
{
	struct span *m = &packet->mpdu, tail;

	n = n < m->left ? n : m->left;
	m->left -= n;
	tail = span_of(m->p + m->left, n);
	packet->hash = crc_32(m->p, m->left);
	return n >= FCS_OCTETS && span_le32(&tail) == packet->hash;
}

static const struct packet_trailer *trailer_of(const struct packet *packet)
{
	return &packet->trailer[packet->fcs_claimed];
}

/* Takes off what the source is known to put behind its frames; true if an FCS is in it. A frame that ends as it is and
 * not there is one without. */
static bool take_known(struct packet *packet)
{
	const struct packet_trailer *t = trailer_of(packet);
	uint32_t ends = t->octets == FCS_OCTETS ? 0 : dot11_tail(packet->mpdu);

	return take_off(packet, (ends & 1) && !(ends >> t->octets & 1) ? 0 : t->octets);
}

/* Of a frame that is cut what stands behind it is there in part, or not. */
static void take_cut(struct packet *packet, size_t octets)
{
	size_t missing = packet->length - packet->data.left;

	(void) take_off(packet, octets > missing ? octets - missing : 0);
}

/* An FCS that was claimed, and is not right at the frame's end. */
static void take_claimed(struct packet *packet, const struct span *all)
{
	if (!trailer_of(packet)->known || trailer_of(packet)->octets == FCS_OCTETS) {
		packet->fcs_bad = true;
		return;
	}
	packet->mpdu = *all;
	packet->fcs_good = take_known(packet);
}

/* The header announces none. Some sources leave an FCS without saying so: it is there when it is right. */
static void take_unclaimed(struct packet *packet)
{
	packet->hash = crc_32(packet->mpdu.p, packet->mpdu.left);
	if (packet->hash == CRC_RESIDUE && packet->mpdu.left >= FCS_OCTETS) {
		packet->fcs_good = take_off(packet, FCS_OCTETS);
	} else if (trailer_of(packet)->known && trailer_of(packet)->octets) {
		packet->fcs_good = take_known(packet);
		packet->fcs_bad = !packet->fcs_good && trailer_of(packet)->is_fcs;
	}
}

/* Takes the FCS off, checks it, and works out the frame's hash. */
static void check_fcs(struct packet *packet, uint8_t fcs)
{
	uint8_t claimed = fcs & FCS_PRESENT ? FCS_OCTETS : packet->linktype == packet->link ? packet->fcs_octets : 0;
	const struct span all = packet->mpdu;

	packet->fcs_claimed = claimed;
	if (packet->length > packet->data.left) {
		take_cut(packet, trailer_of(packet)->known ? trailer_of(packet)->octets : claimed);
	} else if (claimed == FCS_OCTETS) {
		packet->fcs_good = take_off(packet, FCS_OCTETS);
		if (!packet->fcs_good && (!packet->marked_bad || trailer_of(packet)->marks_all))
			take_claimed(packet, &all);
	} else if (claimed) { /* of a length that no 802.11 frame's has: there is nothing to check */
		(void) take_off(packet, claimed);
	} else {
		take_unclaimed(packet);
	}
	packet->fcs_bad &= !packet->fcs_ignored;
	if (packet->marked_bad && !trailer_of(packet)->marks_all) {
		packet->fcs_bad = true;
		packet->fcs_good = false;
	}
}

int packet_peel(struct packet *packet)
{
	uint8_t fcs = packet->damaged ? FCS_BAD : 0;

	packet->mpdu = packet->data;
	packet->link = packet->linktype;
	packet->fcs_bad = packet->fcs_good = packet->fcs_claimed = packet->marked_bad = false;
	for (size_t i = 0; i < sizeof(peelers) / sizeof(peelers[0]); i++) {
		int r;

		if (peelers[i].linktype != packet->linktype)
			continue;
		packet->link = peelers[i].link;
		r = peelers[i].peel(&packet->mpdu, packet, &fcs);
		if (r < 0)
			return r;
		break;
	}
	packet->marked_bad = fcs & FCS_BAD;
	if (packet->link == LINKTYPE_IEEE802_11) {
		check_fcs(packet, fcs);
		return 0;
	}
	packet->hash = crc_32(packet->mpdu.p, packet->mpdu.left);
	packet->fcs_good = fcs == FCS_GOOD;
	packet->fcs_bad = fcs & FCS_BAD && !packet->fcs_ignored;
	return 0;
}
