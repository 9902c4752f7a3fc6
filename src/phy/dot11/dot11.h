/* The 802.11 record of a device: what it advertises, looks for and is linked with. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/limit.h"
#include "base/ssid.h"
#include "field/field.h"
#include "phy/dot11/unverified.h"
#include "track/device.h"
#include "track/observe.h"
#include "wire/dot11/frame.h"

#define DOT11_NONCES_MAX 16
#define DOT11_PACKET_MAX 2048 /* octets kept of a stored frame */

/* The relation of a network and those that do not transmit themselves, for which its frames speak. */
#define DOT11_RELATED_BSSID "norn_multiple_bssid"

#define PHY_DOT11 0 /* its position in phy/phys.c */

/* What a device is; the texts are in phy.c. */
enum dot11_type {
	DOT11_TYPE_AP,
	DOT11_TYPE_CLIENT,
	DOT11_TYPE_BRIDGED,
	DOT11_TYPE_ADHOC,
	DOT11_TYPE_WDS,
	DOT11_TYPE_WDS_AP,
	DOT11_TYPE_DEVICE,
	DOT11_TYPE_INFERRED,
};
/* Bits of dot11_device.typeset. */
enum dot11_typeset {
	DOT11_BEACON_AP = 1,
	DOT11_ADHOC = 2,
	DOT11_CLIENT = 4,
	DOT11_WIRED = 8,
	DOT11_WDS = 16,
	DOT11_INFERRED_WIRELESS = 64,
	DOT11_INFERRED_WIRED = 128,
	DOT11_PROBE_AP = 256,
};

/* Elements that requests seldom ask for stay as they came, one behind the other, and are read on request
 * (phy/dot11/elements.h). They are the first member of each record that keeps some. */
struct dot11_advertised {
	struct octets elements;
	struct ssid ssid;
	bool all_elements; /* `elements` holds every one */
	bool beacon, probe_response, cloaked, mfp_required, mfp_supported, has_country;
	bool qbss, mobility, cisco_mfp;
	uint8_t qbss_utilisation, ccx_power, tpc_power, ht_mode;
	uint8_t generation; /* of the standard: an index into its names */
	uint8_t bss_color;
	char country[4];
	char channel[10];
	uint16_t interval; /* of beacons or answers, TU */
	bool privacy;      /* the capability bit */
	bool torn;         /* the elements here are of a frame that was cut */
	uint16_t center1_mhz, center2_mhz, qbss_stations, mobility_domain, width_mhz;
	uint32_t shown_sec; /* packet time at which rules last saw it as a state */
	uint32_t hash, ie_checksum, sum, steady_sum, first_sec, last_sec, beacon_rate, beacons_in_sec, beacons_sec;
	uint32_t max_rate_100kbps, he_rate_100kbps;
	uint32_t fingerprint; /* of its elements; 0: none */
	uint64_t crypt, crypt_set;
	char *beacon_info;
	struct location *location; /* NULL: seen without a position */
};

struct dot11_probed {
	struct octets elements;
	struct ssid ssid;
	bool all_elements, mfp_required, mfp_supported, mobility;
	uint16_t mobility_domain;
	uint32_t hash, first_sec, last_sec;
	uint64_t crypt, crypt_set;
	struct location *location;
};

/* What only some clients say of themselves. */
struct dot11_client_more {
	char *eap_identity, *dhcp_host, *dhcp_vendor;
	char *cdp_device, *cdp_port, *lldp_device, *lldp_port;
	uint32_t ip_address, ip_netmask, ip_gateway;
	uint8_t ip_kind; /* enum frame_ip_kind */
	struct location *location;
};
struct dot11_client {
	struct mac bssid;
	bool decrypted;
	uint32_t first_sec, last_sec, type;
	uint64_t datasize, datasize_retry, fragments, retries;
	uint64_t tx_crypt, rx_crypt;    /* CRYPT_BIT()s of the data it sent and got */
	struct dot11_client_more *more; /* NULL: nothing yet */
};

/* A frame that is kept whole. */
struct dot11_packet {
	uint64_t time_us;
	uint16_t linktype;
	struct octets data;
};

/* A key frame as readers see it: the frame, and the offsets of its parts. */
struct dot11_eapol {
	uint64_t time_us;
	struct octets frame;
	uint16_t nonce_at, pmkid_at; /* 0: not in it */
	uint8_t direction, message;
	bool install;
};
/* The key frames of one client, packed one behind the other: most of a key frame is zeros. */
struct dot11_handshake {
	struct mac client;
	uint16_t count;
	struct octets packed;
};
struct dot11_nonce {
	uint64_t time_us, replay_counter;
	uint8_t message;
	bool install;
	uint8_t nonce[32];
};
/* What devices keep of handshakes. */
struct dot11_keys {
	LIST(struct dot11_handshake) handshakes; /* an access point's, by client */
	LIST(struct dot11_nonce) nonces;         /* a client's */
	LIST(struct dot11_nonce) anonces;
	struct dot11_packet *beacon_packet, *pmkid_packet;
	bool keep_beacon; /* the next frame that introduces the network belongs to the handshake */
};

/* By what a network was introduced, the more certain the higher: handshakes cannot be worked with without its name. */
enum dot11_introduced {
	INTRODUCED_NAMELESS, /* a beacon or answer that hides the name */
	INTRODUCED_JOINED,   /* a station that joins it and sends the name */
	INTRODUCED_NAMED,    /* a beacon or answer with the name */
};

struct dot11_device {
	uint16_t typeset, last_sequence;
	bool rm_link_measurement, rm_neighbor_report, last_was_response;
	int8_t min_tx_power, max_tx_power;
	struct mac last_bssid, same_as;
	uint8_t same_percent; /* how sure it is that this device had the address same_as; 0: there is none */
	bool has_last_advertised, has_last_probed;
	uint32_t last_advertised, last_probed; /* hashes of the latest records */
	uint32_t disconnects, last_disconnect_sec, last_beacon_sec, wps_m3_count, wps_m3_last_sec;
	uint32_t beacon_fingerprint, probe_fingerprint, response_fingerprint;
	uint32_t probe_sum; /* of the elements that probe_fingerprint is of */
	uint64_t bss_timestamp, fragments, retries, datasize, datasize_retry;
	LIST(struct dot11_client) clients; /* APs it was a client of */
	LIST(struct dot11_advertised) advertised;
	LIST(struct dot11_advertised) responded;
	LIST(struct dot11_probed) probed;
	LIST(struct mac) associated;       /* an AP's clients */
	struct dot11_keys *keys;           /* NULL: none was seen */
	struct dot11_packet *introduction; /* the latest beacon, answer or request that names it; NULL: none */
	uint8_t introduced_by;             /* enum dot11_introduced */
	struct unverified beacons_believed, answers_believed;
};

/* Model events of the phy (track/observe.h). */
enum dot11_model_event {
	MODEL_EVENT_ADVERTISED = MODEL_EVENT_OF_PHY, /* a network in beacons */
	MODEL_EVENT_RESPONDED,                       /* a network in probe responses */
	MODEL_EVENT_PROBED,                          /* a network that is looked for */
	MODEL_EVENT_HANDSHAKE,                       /* messages 1 or 3, and 2 of a client's handshake */
};

/* What rules see of it: observation.observation, with observation.shown a struct dot11_shown and observation.frame a
 * struct frame. */
enum dot11_observation {
	OBSERVED_FRAME,       /* a frame as it is, before any device; no lock is held */
	OBSERVED_BSSID,       /* the network that a frame belongs to, before its record is updated */
	OBSERVED_STATION,     /* the station of a handshake, DHCP or ARP frame, before its record is updated */
	OBSERVED_NETWORK,     /* a network's record whose elements, interval or privacy are new or changed, before it is
				 updated */
	OBSERVED_PROBED,      /* a network that a station looks for, the first time */
	OBSERVED_FINGERPRINT, /* a device's fingerprint, of a probe, or of a network's elements that are new or changed
			       */
	OBSERVED_CONTROL,     /* an RTS or CTS that reserves the channel for nothing, or for longer than frames take; a
				 PS-Poll */
	DOT11_OBSERVATIONS,
};
struct dot11_shown {
	const struct dot11_device *record;      /* NULL for OBSERVED_FRAME */
	const struct dot11_advertised *network; /* OBSERVED_NETWORK: as it was; hash 0 and ssid set when new */
	bool fresh;                             /* OBSERVED_NETWORK: the record is new */
	bool of_profile;                        /* the network does not transmit: another's frame speaks for it */
	bool lasting;                           /* OBSERVED_NETWORK: as observation.lasting */
	struct ssid ssid;                       /* OBSERVED_NETWORK, OBSERVED_PROBED */
	uint32_t fingerprint;                   /* OBSERVED_FINGERPRINT: what this frame hashes to */
	char channel[10];                       /* OBSERVED_NETWORK: that the frame names, or "" */
};

/* False when octets are missing, or an element does not end where it should. */
static inline bool elements_whole(const struct packet *packet, const struct frame *f)
{
	return !(f->have & FRAME_IES_TORN) && packet->data.left >= packet->length;
}

extern const struct phy dot11_phy;
