/* What an 802.11 frame says: views into the packet's bytes, in a struct of fixed size that its
 * caller owns. Of a frame without elements or data their members are zero. The views die with the packet. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/mac.h"
#include "base/span.h"
#include "wire/dot11/elements.h"

enum frame_type { FRAME_MANAGEMENT, FRAME_CONTROL, FRAME_DATA, FRAME_EXTENSION };

/* IEEE 802.11-2020 table 9-1, management subtypes. */
enum frame_management {
	MGMT_ASSOC_REQ = 0,
	MGMT_ASSOC_RESP = 1,
	MGMT_REASSOC_REQ = 2,
	MGMT_REASSOC_RESP = 3,
	MGMT_PROBE_REQ = 4,
	MGMT_PROBE_RESP = 5,
	MGMT_TIMING_ADV = 6,
	MGMT_BEACON = 8,
	MGMT_ATIM = 9,
	MGMT_DISASSOC = 10,
	MGMT_AUTH = 11,
	MGMT_DEAUTH = 12,
	MGMT_ACTION = 13,
	MGMT_ACTION_NO_ACK = 14,
};

/* Table 9-1, control subtypes that somebody asks for. */
enum frame_control { CONTROL_PS_POLL = 10, CONTROL_RTS, CONTROL_CTS };

/* Table 9-1, data subtypes are bits: 1 CF-Ack, 2 CF-Poll, 4 no data (null), 8 QoS. */
enum frame_data { DATA_NULL_BIT = 4, DATA_QOS_BIT = 8 };

/* Who is who by To DS and From DS (table 9-30). */
enum frame_distribution { DIST_ADHOC, DIST_FROM_DS, DIST_TO_DS, DIST_INTER_DS };

/* Bits of struct frame.capability (9.4.1.4). */
enum frame_capability { CAPABILITY_IBSS = 2, CAPABILITY_PRIVACY = 0x10 };

/* Bits of struct frame.have. */
enum frame_have {
	FRAME_HAS_ADDRESSES = 1 << 0, /* addr1..3 as far as the type has them */
	FRAME_HAS_SSID = 1 << 1,
	FRAME_HAS_CHANNEL = 1 << 2, /* an element names the channel */
	FRAME_IS_6GHZ = 1 << 3,     /* and it is of the 6 GHz band */
	FRAME_HAS_EAPOL = 1 << 4,
	FRAME_IS_S1G = 1 << 6,   /* an S1G beacon, read as a beacon: short ones have no name */
	FRAME_IES_TORN = 1 << 5, /* the element list was cut; what came before holds */
};

/* What is encrypted and how: Kismet's 64-bit encryption set, bit for bit. Which suites set what: suites.h. */
#define CRYPT_BIT(n) (UINT64_C(1) << (n))
enum crypt_bit {
	CRYPT_WEP = 0,
	CRYPT_WPA = 1,
	CRYPT_WPA1 = 2,
	CRYPT_WPA2 = 3,
	CRYPT_WPA3 = 4,
	CRYPT_WAPI = 5,          /* norn's own, where Kismet has none: */
	CRYPT_AKM_1X_SHA384 = 6, /* so are 19 to 22, 35 and 36 */
	CRYPT_GROUP_WEP40 = 7,
	CRYPT_GROUP_WEP104 = 8,
	CRYPT_GROUP_TKIP = 9,
	CRYPT_GROUP_CCMP128 = 10,
	CRYPT_GROUP_BIP_CMAC128 = 11,
	CRYPT_GROUP_GCMP128 = 12,
	CRYPT_GROUP_GCMP256 = 13,
	CRYPT_GROUP_CCMP256 = 14,
	CRYPT_GROUP_BIP_GMAC128 = 15,
	CRYPT_GROUP_BIP_GMAC256 = 16,
	CRYPT_GROUP_BIP_CMAC256 = 17,
	CRYPT_GROUP_OCB = 18,
	CRYPT_AKM_OSEN = 19,
	CRYPT_AKM_DPP = 20,
	CRYPT_AKM_CCKM = 21,
	CRYPT_UNKNOWN = 22, /* encrypted; the elements that say how were cut off */
	CRYPT_PAIR_WEP40 = 23,
	CRYPT_PAIR_WEP104 = 24,
	CRYPT_PAIR_TKIP = 25,
	CRYPT_PAIR_CCMP128 = 26,
	CRYPT_PAIR_BIP_CMAC128 = 27,
	CRYPT_PAIR_GCMP128 = 28,
	CRYPT_PAIR_GCMP256 = 29,
	CRYPT_PAIR_CCMP256 = 30,
	CRYPT_PAIR_BIP_GMAC128 = 31,
	CRYPT_PAIR_BIP_GMAC256 = 32,
	CRYPT_PAIR_BIP_CMAC256 = 33,
	CRYPT_PAIR_OCB = 34,
	CRYPT_AKM_SAE_EXT_KEY = 35,
	CRYPT_AKM_PASN = 36,
	CRYPT_AKM_1X = 37,
	CRYPT_AKM_PSK = 38,
	CRYPT_AKM_FT_1X = 39,
	CRYPT_AKM_FT_PSK = 40,
	CRYPT_AKM_1X_SHA256 = 41,
	CRYPT_AKM_PSK_SHA256 = 42,
	CRYPT_AKM_TDLS = 43,
	CRYPT_AKM_SAE = 44,
	CRYPT_AKM_FT_SAE = 45,
	CRYPT_AKM_AP_PEER = 46,
	CRYPT_AKM_SUITEB_SHA256 = 47,
	CRYPT_AKM_SUITEB_SHA384 = 48,
	CRYPT_AKM_FT_1X_SHA384 = 49,
	CRYPT_AKM_FILS256 = 50,
	CRYPT_AKM_FILS384 = 51,
	CRYPT_AKM_FT_FILS256 = 52,
	CRYPT_AKM_FT_FILS384 = 53,
	CRYPT_AKM_OWE = 54,
	CRYPT_AKM_FT_PSK_SHA384 = 55,
	CRYPT_AKM_PSK_SHA384 = 56,
	CRYPT_WPS = 57,
	CRYPT_EAP_LEAP = 58,
	CRYPT_EAP_TLS = 59,
	CRYPT_EAP_TTLS = 60,
	CRYPT_EAP_PEAP = 61,
	CRYPT_EAP_IDENTITY = 62,
};
#define CRYPT_ANY_SAE (CRYPT_BIT(CRYPT_AKM_SAE) | CRYPT_BIT(CRYPT_AKM_FT_SAE) | CRYPT_BIT(CRYPT_AKM_SAE_EXT_KEY))
#define CRYPT_ANY_PSK                                                                                                  \
	(CRYPT_BIT(CRYPT_AKM_PSK) | CRYPT_BIT(CRYPT_AKM_FT_PSK) | CRYPT_BIT(CRYPT_AKM_PSK_SHA256) |                    \
	 CRYPT_BIT(CRYPT_AKM_PSK_SHA384) | CRYPT_BIT(CRYPT_AKM_FT_PSK_SHA384))

/* EAPOL-Key, IEEE 802.11-2020 12.7.2. */
struct frame_eapol {
	uint8_t message; /* 1..4 of the four-way handshake, 0: unknown */
	bool install, has_pmkid;
	uint16_t info;       /* key information as it stands */
	uint16_t length;     /* of the 802.1X body, as it says */
	uint16_t key_length; /* of the key data, as it says */
	uint64_t replay_counter;
	struct span nonce; /* 32 octets */
	struct span pmkid; /* 16 octets while has_pmkid */
	struct span key_data;
};

/* IP that says who somebody is; Kismet's numbers. */
enum frame_ip_kind { FRAME_IP_NONE, FRAME_IP_ARP = 3, FRAME_IP_DHCP = 4 };

/* CDP and LLDP: who a switch or router says that it is. */
enum frame_discovery_kind { FRAME_DISCOVERY_NONE, FRAME_DISCOVERY_CDP, FRAME_DISCOVERY_LLDP };
struct frame_discovery {
	uint8_t kind; /* enum frame_discovery_kind */
	struct span device, port;
};

struct frame_ip {
	uint8_t kind;                        /* enum frame_ip_kind */
	uint8_t dhcp_message;                /* 1 discover, 2 offer, 3 request, 5 acknowledgement */
	uint32_t address, netmask, gateway;  /* of ARP's sender; that DHCP gives */
	struct span host, vendor, client_id; /* DHCP options 12, 60, 61 */
};

struct frame {
	/* The head: always set. */
	uint32_t have; /* enum frame_have */
	uint8_t type;  /* enum frame_type */
	uint8_t subtype;
	uint8_t version;      /* 0; others are read as if it were, as Kismet does */
	uint8_t distribution; /* enum frame_distribution */
	bool retry, protected_, more_fragments, power_save, order;
	bool short_header; /* cut before its addresses were whole: nothing to track */
	uint16_t duration;
	uint16_t sequence; /* 0..4095 */
	uint8_t fragment;
	struct mac addr1, addr2, addr3, addr4;
	bool has_addr4;
	/* Who the addresses are, by the distribution; zero where the frame does not say. */
	struct mac bssid, source, destination, transmitter, receiver;
	struct span body; /* behind the MAC header (without QoS, HT and mesh headers) */

	/* Management: fixed fields and elements. */
	uint64_t timestamp;
	uint16_t beacon_interval; /* TU of 1,024 us */
	uint16_t capability;
	uint16_t reason, status, auth_algorithm, auth_transaction;
	struct span ssid; /* 0..32 octets */
	uint8_t channel;
	uint64_t reported_crypt; /* CRYPT_BIT()s that a client's report has beside the elements */

	uint16_t qos; /* QoS control of data (9.2.4.5); 0: none */

	/* Data in clear. */
	uint16_t ethertype;  /* behind LLC/SNAP, 0: none or encrypted */
	struct span payload; /* behind LLC/SNAP */
	uint64_t data_crypt; /* CRYPT_BIT()s that the protected body shows */
	struct frame_eapol eapol;
	struct frame_ip ip;
	uint8_t lan; /* enum lan_kind: what lan_read() would read of it */
	struct frame_discovery discovery;
	uint8_t eap_code, eap_type;
	uint8_t wps_message; /* registration message type of Wi-Fi Simple Configuration, 0: none */
	struct span eap_identity;

	/* Everything behind the fixed fields of a management frame, by element: what they say is read by the code that
	   wants to know (readers.h, summary.h). Last, because its entries are not cleared. */
	struct elements elements;
};

/* Dissects the MPDU (no radio header, no FCS). Pure: no allocation, no state. 0, or ERR_TRUNCATED
 * when not even the frame control and first address are whole. A torn element list is no error: FRAME_IES_TORN. */
int frame_dissect(struct span mpdu, struct frame *ret_frame);

/* Reads what stands in clear in a data frame whose body was decrypted; clear must live as long as the frame. */
void frame_read_clear(struct frame *f, struct span clear);

static inline bool frame_has(const struct frame *f, enum element_id id)
{
	return elements_have(&f->elements, id);
}
/* The first element of that id: its data. */
static inline bool frame_find(const struct frame *f, enum element_id id, struct span *ret_data)
{
	return elements_find(&f->elements, id, ret_data);
}

/* How many beacons a second an interval makes, a part of one counting as one; 0 without an interval. The interval is in
 * units of 1024 us (IEEE 802.11-2020 9.4.1.3). */
static inline uint32_t beacons_per_second(uint16_t interval)
{
	return interval ? (1000000 + interval * 1024u - 1) / (interval * 1024u) : 0;
}
