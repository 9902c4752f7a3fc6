/* Frames of Bluetooth Low Energy (Core 5.4 volume 6 part B): what is said on the advertising channels.
 * Views die with the packet. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/mac.h"
#include "base/span.h"

#define BTLE_ADVERTISING 0x8e89bed6u /* access address of the advertising channels (2.1.2) */

/* 2.3, table 2.3. */
enum btle_pdu {
	BTLE_ADV_IND = 0,
	BTLE_ADV_DIRECT_IND = 1,
	BTLE_ADV_NONCONN_IND = 2,
	BTLE_SCAN_REQ = 3,
	BTLE_SCAN_RSP = 4,
	BTLE_CONNECT_IND = 5,
	BTLE_ADV_SCAN_IND = 6,
	BTLE_ADV_EXT_IND = 7,
	BTLE_AUX_CONNECT_RSP = 8,
};

/* What a random address is for (volume 6 part B 1.3). */
enum btle_address { BTLE_PUBLIC, BTLE_RANDOM_STATIC, BTLE_RESOLVABLE, BTLE_NON_RESOLVABLE, BTLE_RESERVED };

struct btle_frame {
	uint32_t access_address;
	bool advertising; /* on the advertising channels; else a connection's, of which nothing is read */
	uint8_t pdu;      /* enum btle_pdu */
	bool has_sender, has_target;
	struct mac sender, target;        /* who advertises, asks or connects; whom it is meant for */
	uint8_t sender_kind, target_kind; /* enum btle_address */
	bool has_tx_power;
	int8_t tx_power;  /* dBm, of an extended header */
	struct span data; /* advertising data (wire/bluetooth/ad.h) */
};

/* The access address; s is then at the PDU, in coded PHY behind the coding indicator (2.2.3). */
uint32_t btle_access_address(struct span *s, bool coded);
/* True if the CRC behind a PDU of the advertising channels is right (3.1.1). */
bool btle_crc_good(struct span pdu);
/* Reads a frame from the access address on, with its CRC or without. Pure. ERR_TRUNCATED or ERR_MALFORMED. */
int btle_dissect(struct span frame, bool coded, struct btle_frame *ret);
/* The kind of an address by its first two bits. */
enum btle_address btle_address_kind(const struct mac *mac, bool random);
/* Frequency of a channel by its number among those of the radio, 0 to 39; 0 for others. */
uint32_t btle_channel_khz(uint8_t rf_channel);
