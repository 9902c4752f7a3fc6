/* The inside of the 802.11 phy, for its own files: what it keeps for each model, each source and each packet. */
#pragma once
#include "phy/dot11/dot11.h"
#include "phy/dot11/kin.h"
#include "phy/dot11/ssids.h"
#include "track/passage.h"
#include "wire/channel.h"
#include "wire/dot11/frame.h"

/* Of a model. */
struct dot11_state {
	struct dot11_conf conf;
	bool own_conf; /* the defaults, which this owns */
	struct tracker *tracker;
	struct kin *kin;
	struct ssids *ssids; /* NULL: view_ssids is false */
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
	const struct uav_report *uav_report; /* what a drone tells by the frame; NULL: nothing */
	struct kin_match same;               /* whom the sender of a probe may be */
	uint64_t box_uuid;                   /* a WPS UUID that its elements tell anew, as kin_uuid() has it; 0: none */
	bool new_network;                    /* the BSSID told of its network for the first time */
	bool decrypted;                      /* what the frame's payload tells was encrypted */
	struct ssid_hearings ssids;          /* for the table of names, once no lock is held */
};
_Static_assert(sizeof(struct dot11_space) <= PHY_SPACE, "the model gives a phy no more");

static inline struct dot11_space *space_of(const struct passage *p)
{
	return p->space;
}
static inline const struct frame *frame_of(const struct passage *p)
{
	return p->frame;
}
static inline const struct dot11_state *state_of(const struct passage *p)
{
	return p->phy->state;
}
static inline const struct dot11_conf *conf_of(const struct passage *p)
{
	return &state_of(p)->conf;
}

/* Whether what data frames hold is kept from everybody. */
static inline bool hides_data(const struct passage *p)
{
	return conf_of(p)->hide_data || conf_of(p)->dont_be_evil;
}

/* Decrypts the frame's data as far as there are keys, and hides it when it is to be hidden (read.c). */
void dot11_make_ready(struct passage *p, struct packet *packet, struct frame *f);
/* Whether a network whose elements are new is a drone by makers' rules: expressions are matched while no
 * lock is held. */
void dot11_match_uav(const struct passage *p);
int dot11_dissect(struct packet *packet, void *space);
void dot11_fetch(const struct passage *p, const struct packet *packet);
void dot11_apply(struct passage *p, struct packet *packet, void *space);
/* Networks that a client found (scan.c). */
bool dot11_report(struct passage *p, struct packet *packet, const char *type, const struct json_in *json);
/* What devices of a log tell beside their records (restored.c). */
void dot11_restored(void *state, struct device *d);
/* Elements that a beacon or answer tells, into the network's record (ssid.c). */
void dot11_hear_network(const struct passage *p, struct device *d, struct dot11_device *x);
void dot11_hear_probe(const struct passage *p, struct device *d, struct dot11_device *x);
/* EAPOL frames (eapol.c). The AP's record, then the client's. */
void dot11_hear_key(const struct passage *p, const struct device *d, struct dot11_device *ap, const struct mac *client);
/* Keeps the beacon that goes with a handshake. */
void dot11_keep_beacon(const struct passage *p, struct dot11_device *ap);
void dot11_hear_nonce(const struct passage *p, struct dot11_device *client);
/* The views of an access point or an ad-hoc network. Under the lock, when its kind has changed. */
void dot11_set_views(struct device *d, const struct dot11_device *x);
/* Shows a device to rules. */
void dot11_show(const struct passage *p, uint8_t sight, struct device *d, const struct dot11_shown *shown);
