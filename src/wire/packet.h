/* A captured frame as a source hands it over: bytes in place and what the radio reported of them.
 * The bytes belong to the source and live until its call returns. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/mac.h"
#include "base/position.h"
#include "base/span.h"

/* Link types by their numbers on tcpdump.org's list. */
enum linktype {
	LINKTYPE_IEEE802_11 = 105,
	LINKTYPE_PRISM = 119,
	LINKTYPE_RADIOTAP = 127,
	LINKTYPE_USER0 = 147, /* of reports that are no packets */
	LINKTYPE_AVS = 163,
	LINKTYPE_BLUETOOTH_HCI_H4 = 187,
	LINKTYPE_PPI = 192,
	LINKTYPE_BLUETOOTH_HCI_H4_WITH_PHDR = 201,
	LINKTYPE_BLUETOOTH_LE_LL = 251,
	LINKTYPE_BLUETOOTH_LE_LL_WITH_PHDR = 256,
	LINKTYPE_NONE = 0xffff, /* what a peeled header does not say */
};

enum radio_have {
	RADIO_HAS_SIGNAL = 1, /* signal_dbm */
	RADIO_HAS_NOISE = 2,  /* noise_dbm */
	RADIO_HAS_RSSI = 4,   /* signal_rssi, without a unit */
};

/* Kismet's numbers; records publish all that were seen, or-ed. */
enum radio_encoding {
	RADIO_ENCODING_UNKNOWN,
	RADIO_ENCODING_CCK,
	RADIO_ENCODING_PBCC,
	RADIO_ENCODING_OFDM,
	RADIO_ENCODING_DYNAMIC,
	RADIO_ENCODING_GFSK
};
enum radio_carrier {
	RADIO_CARRIER_UNKNOWN,
	RADIO_CARRIER_B,
	RADIO_CARRIER_B_PLUS,
	RADIO_CARRIER_A,
	RADIO_CARRIER_G,
	RADIO_CARRIER_N,
	RADIO_CARRIER_AC,
	RADIO_CARRIER_AX,
	RADIO_CARRIER_BE
};

struct radio {
	uint8_t have; /* enum radio_have */
	int8_t signal_dbm, noise_dbm;
	uint8_t signal_rssi, noise_rssi;
	uint8_t encoding;      /* enum radio_encoding */
	uint8_t carrier;       /* enum radio_carrier */
	bool coded;            /* Bluetooth's coded PHY: an octet behind the access address names the coding */
	uint16_t antenna_bits; /* antennas that received it */
	uint32_t freq_khz;     /* 0: unknown */
	uint32_t rate_100kbps; /* 0: unknown */
};

#define PACKET_ALERTS_MAX 4 /* that a packet is tagged with; more are left out */

/* What a packet is tagged with in logs. */
struct packet_tags {
	uint8_t frame; /* 1 << enum frame_tag */
	uint8_t n_alerts;
	bool raised;                        /* one of the alerts was not held back */
	uint16_t alerts[PACKET_ALERTS_MAX]; /* numbers of definitions */
};

/* What a source was found to put behind its 802.11 frames (capture/trailer.h). */
struct packet_trailer {
	bool known;     /* else what the radio says of an FCS is believed */
	bool is_fcs;    /* those octets are right mostly: one that is wrong belongs to a damaged frame */
	uint8_t octets; /* behind each frame; 0: none, whatever the radio says */
	bool marks_all; /* the radio calls every frame damaged, and they repeat each other: it means nothing */
};

#define PACKET_PHY_NONE 0xff

#define PACKET_COUNT_BITS 40

struct packet {
	struct span data;   /* all captured bytes, radio header and FCS included */
	uint32_t length;    /* on the air, when the capture is cut */
	uint16_t linktype;  /* enum linktype; others reach other phys */
	uint16_t source;    /* the number that the app gave the source */
	uint64_t number;    /* of the packet within this run: its source's count, above PACKET_COUNT_BITS the source */
	uint64_t time_us;   /* packet time */
	struct radio radio; /* filled by packet_peel() or by the source */
	struct position position;

	/* Filled by packet_peel(). */
	uint16_t link;    /* the link type of mpdu: without the radio's header */
	struct span mpdu; /* the frame without radio header and FCS */
	bool fcs_bad;     /* an FCS was there and is wrong, or the radio said that the frame is damaged */
	bool fcs_good;    /* an FCS was there and is right */
	bool fcs_claimed; /* the radio or the capture said that one is there */
	bool marked_bad;  /* the radio said that the frame is damaged */
	uint32_t hash;    /* CRC-32 of mpdu */

	/* Filled by the tracker, for those who listen. */
	struct mac bssid, sender, destination, transmitter;
	uint32_t shown; /* octets of data that may be handed on: all, or without what a data frame holds */
	struct packet_tags tags;
	uint8_t phy; /* the number of the phy that read it; PACKET_PHY_NONE: none */
	bool duplicate, broken, is_data;

	bool live;                        /* it was seen just now: its source cannot wait for readers */
	bool fcs_ignored;                 /* a wrong FCS does not make it bad: the source says so */
	bool damaged;                     /* the source says that its radio received it with errors */
	uint8_t fcs_octets;               /* bare 802.11 frames: of the FCS that the capture says stands behind each */
	uint16_t interface;               /* of the capture; 0: its only one */
	struct packet_trailer trailer[2]; /* of frames without an FCS that is claimed, and with one */
};

/* Peels the radio header (radiotap, Prism, AVS, PPI, those of Bluetooth) from packet->data, and the FCS of an 802.11
 * frame; checks the CRC of a Bluetooth advertisement, which stays; and fills link, mpdu, radio, fcs_bad, fcs_good and
 * hash. What has no such header is left as it is: link is its link type. Pure. ERR_TRUNCATED or ERR_MALFORMED for a
 * header that cannot be read. */
int packet_peel(struct packet *packet);
