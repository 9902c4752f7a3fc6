/* From link type to bare frame: the radio's header goes, the FCS is checked and goes. */
#include "base/crc.h"
#include "base/err.h"
#include "wire/link/radio_header.h"

static int direction_peel(struct span *s, struct packet *packet, enum fcs *ret_fcs)
{
	(void) packet;
	(void) ret_fcs;
	span_skip(s, 4); /* to the controller or from it */
	return s->bad ? ERR_TRUNCATED : 0;
}

/* A new header is a function and a row. */
static const struct peeler {
	uint16_t linktype;
	uint16_t link; /* what is behind the header, unless the header says it */
	int (*peel)(struct span *s, struct packet *packet, enum fcs *ret_fcs);
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

/* Takes the FCS off and works out the frame's hash. Some sources leave an FCS without saying so: it is there
 * when it is right. */
static void check_fcs(struct packet *packet, enum fcs fcs)
{
	struct span *m = &packet->mpdu;
	struct span tail = {0};

	packet->hash = fcs == FCS_NONE ? crc_32(m->p, m->left) : 0;
	if (m->left < 4 || (fcs == FCS_NONE && packet->hash != CRC_RESIDUE))
		return;
	tail = span_of(m->p + m->left - 4, 4);
	m->left -= 4;
	packet->hash = crc_32(m->p, m->left);
	packet->fcs_good = fcs != FCS_BAD && span_le32(&tail) == packet->hash;
	packet->fcs_bad = fcs == FCS_BAD;
	/* A capture that is cut has no FCS to check. */
	if (!packet->fcs_good && packet->length <= packet->data.left)
		packet->fcs_bad = true;
	packet->fcs_bad &= !packet->fcs_ignored;
}

int packet_peel(struct packet *packet)
{
	enum fcs fcs = packet->fcs_reported && packet->linktype == LINKTYPE_IEEE802_11 ? FCS_PRESENT : FCS_NONE;

	packet->mpdu = packet->data;
	packet->link = packet->linktype;
	packet->fcs_bad = packet->fcs_good = false;
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
	if (packet->link == LINKTYPE_IEEE802_11) {
		check_fcs(packet, fcs);
		return 0;
	}
	packet->hash = crc_32(packet->mpdu.p, packet->mpdu.left);
	packet->fcs_good = fcs == FCS_PRESENT;
	packet->fcs_bad = fcs == FCS_BAD && !packet->fcs_ignored;
	return 0;
}
