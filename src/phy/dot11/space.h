/* Private to the 802.11 phy: what it keeps for each model, each source and each packet. */
#pragma once
#include "phy/dot11/dot11.h"
#include "phy/dot11/options.h"
#include "phy/dot11/related.h"
#include "phy/dot11/ssids.h"
#include "track/packet_ctx.h"
#include "wire/channel.h"
#include "wire/dot11/known.h"

/* Of a model. */
struct dot11_state {
	struct dot11_conf conf;
	bool own_conf; /* the defaults, which this owns */
	struct tracker *tracker;
	struct related *related;
	struct ssids *ssids; /* NULL: view_ssids is false */
	uint8_t secret[192]; /* random, of the sums by which frames are told apart (XXH3's least is 136 octets) */
};

/* Of a source; its thread's. */
#define CHANNELS_REMEMBERED 16
struct dot11_source {
	struct { /* names of channels, by a few bits of the frequency */
		uint32_t khz;
		char name[CHANNEL_TEXT_SIZE];
	} channels[CHANNELS_REMEMBERED];
	char numbers[2][256][CHANNEL_TEXT_SIZE]; /* the same by enum channel_band and number; "": not asked for, or none
						  */
	uint8_t clear[WEP_BODY_MAX];             /* the frame at hand, decrypted */
	struct known_lists known;                /* elements of networks that it received */
};

/* Of a packet on its way. */
struct dot11_space {
	struct frame frame; /* what dissect() filled; begin() clears what follows */
	struct {
		bool ask; /* a network is new or changed: do rules know it as a drone? */
		struct mac mac;
		struct ssid ssid;
	} uav;
	const struct uav_report *uav_report; /* what a drone reports in the frame; NULL: nothing */
	struct related_match same;           /* the device that the sender of a probe may be */
	uint64_t colocated_uuid; /* the hash (wps_uuid_hash()) of a WPS UUID that its elements show for the first time;
				    0: none */
	bool of_unknown;         /* a beacon or answer that was not checked, of a BSSID without a record */
	bool new_network;        /* the first frame in which the BSSID announced its network */
	bool direct_link;        /* between stations of an access point's network */
	bool of_profile;         /* the network at hand is one that does not transmit itself */
	bool named_channel;      /* the frame itself names its channel */
	bool decrypted;          /* the facts of the payload were encrypted */
	struct ssid_observations ssids; /* for the table of names, once no lock is held */
};
_Static_assert(sizeof(struct dot11_space) <= PHY_SPACE, "the model gives a phy no more");

static inline struct dot11_space *space_of(const struct packet_ctx *p)
{
	return p->space;
}
static inline const struct frame *frame_of(const struct packet_ctx *p)
{
	return p->frame;
}
static inline const struct dot11_state *state_of(const struct packet_ctx *p)
{
	return p->phy->state;
}
static inline const struct dot11_conf *conf_of(const struct packet_ctx *p)
{
	return &state_of(p)->conf;
}

/* Whether the payload of data frames is hidden. */
static inline bool hides_data(const struct packet_ctx *p)
{
	return conf_of(p)->hide_data || conf_of(p)->dont_be_evil;
}
