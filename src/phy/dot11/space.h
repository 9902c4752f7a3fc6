/* Private to the 802.11 phy: what it keeps for each model, each source and each packet. */
#pragma once
#include "phy/dot11/dot11.h"
#include "phy/dot11/related.h"
#include "phy/dot11/ssids.h"
#include "track/packet_ctx.h"
#include "wire/channel.h"
#include "wire/dot11/frame.h"

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
	uint8_t clear[WEP_BODY_MAX]; /* the frame at hand, decrypted */
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
	bool new_network;        /* the first frame in which the BSSID announced its network */
	bool of_profile;         /* the network at hand is one that does not transmit itself */
	bool named_channel;      /* the frame itself names its channel */
	bool decrypted;          /* the facts of the payload were encrypted */
	struct ssid_hearings ssids; /* for the table of names, once no lock is held */
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

/* Decrypts the frame's data as far as there are keys, and hides it when it is to be hidden (read.c). */
void dot11_make_ready(struct packet_ctx *p, struct packet *packet, struct frame *f);
/* Whether a network whose elements are new is a drone by makers' rules: expressions are matched while no
 * lock is held. */
void dot11_match_uav(const struct packet_ctx *p);
int dot11_dissect(struct packet *packet, void *space);
void dot11_fetch(const struct packet_ctx *p, const struct packet *packet);
void dot11_apply(struct packet_ctx *p, struct packet *packet, void *space);
/* Networks that a client found (scan.c). */
bool dot11_report(struct packet_ctx *p, struct packet *packet, const char *type, const struct json_in *json);
/* A network, by a frame of it. */
void dot11_apply_bssid(struct packet_ctx *p, const struct mac *bssid);
/* The networks that a beacon or answer speaks for beside its own (nontransmitted.c). */
void dot11_apply_others(struct packet_ctx *p);
/* What follows from the record of a device that came back from a log (restored.c). */
void dot11_restored(void *state, struct device *d);
/* The channel that the frame itself names, of its own band; false, and "", when it names none (channel.c). */
bool dot11_named_channel(const struct packet_ctx *p, char ret_text[CHANNEL_TEXT_SIZE]);
/* Of the packet: that, else the radio's. */
void dot11_set_channel(struct packet_ctx *p);
/* Of a device that the frame touches: a network whose own frames have named theirs stays on it. Under the lock. */
void dot11_take_channel(const struct packet_ctx *p, struct device *d, const struct dot11_device *x);
/* Reads the elements of a beacon or probe response into the network's record (ssid.c). */
void dot11_observe_network(const struct packet_ctx *p, struct device *d, struct dot11_device *x);
/* A (re)association request, in the access point's record. */
void dot11_observe_join(const struct packet_ctx *p, struct device *d, struct dot11_device *ap);
/* Whether the network gave the name of the frame in a probe response before. */
bool dot11_has_answered(struct dot11_device *x, const struct frame *f);
void dot11_observe_probe(const struct packet_ctx *p, struct device *d, struct dot11_device *x);
/* EAPOL frames (eapol.c). The AP's record, then the client's. */
void dot11_observe_key(const struct packet_ctx *p, const struct device *d, struct dot11_device *ap,
		       const struct mac *client);
/* Keeps the frame as the latest that introduces the network, unless one that says more is kept. */
void dot11_keep_introduction(const struct packet_ctx *p, struct dot11_device *ap, enum dot11_introduced by);
/* The name in the frame that is kept; of no octets when there is none. */
struct ssid dot11_introduced_name(const struct dot11_device *x);
/* What a (re)association request says of the network's keys. */
void dot11_observe_association(const struct packet_ctx *p, struct dot11_device *ap);
void dot11_observe_nonce(const struct packet_ctx *p, struct dot11_device *client);
/* The views of an access point or an ad-hoc network. Under the lock, when its kind has changed. */
void dot11_set_views(struct device *d, const struct dot11_device *x);
/* Shows a device to rules. */
void dot11_show(const struct packet_ctx *p, uint8_t observation, struct device *d, const struct dot11_shown *shown);
