/* How rules observe frames while they are applied: the app registers one observer before the first source opens. It
 * sees devices under their shard's lock: it may change its own record of the device (device_own_part()) and add
 * effects, and nothing else; no text, no wait, no other lock. */
#pragma once
#include "base/ssid.h"
#include "track/device.h"
#include "wire/packet.h"

/* Something new in the model; announced when no lock is held. Phys have further kinds, in their headers. */
enum model_event_kind { MODEL_EVENT_DEVICE, MODEL_EVENT_OF_PHY };
struct model_event {
	uint8_t what; /* enum model_event_kind, or of the device's phy */
	struct key device;
	uint32_t network; /* the phy's: hash of its record */
};
#define MODEL_EVENTS_MAX 8 /* of one frame */
struct model_events {
	uint32_t n;
	struct model_event items[MODEL_EVENTS_MAX];
};

#define EFFECTS_MAX 32 /* of one packet; more are counted */

/* What an observer asks to be done when no lock is held. */
struct effect {
	uint16_t what; /* the observer's number */
	struct key device;
	struct ssid ssid;
	uint64_t a, b;     /* the observer's */
	uint32_t frames;   /* behind it */
	uint64_t first_us; /* packet time of the first of them; 0: this one */
	bool spoken_for;   /* the sender of the packet speaks for the device, which counts as its sender */
};
struct effects {
	uint32_t n, dropped;
	struct effect items[EFFECTS_MAX];
};

/* What the observer sees: a device that a packet is about to change, or the packet alone. */
struct observation {
	uint8_t phy;                       /* number of the phy */
	uint8_t observation;               /* which kind of the phy's observations: its header lists them */
	bool duplicate, elsewhere, is_new; /* seen before, that by another source; the device is new */
	bool fresh;                        /* what is shown is new: the device, or what its phy says */
	bool lasting;                      /* it changed, or is as it was for a while: states are looked for again */
	uint32_t packet_sec, before_sec;   /* before_sec: the device's last packet time before this one */
	const struct packet *packet;
	const void *frame;     /* as its phy read it; NULL: it is of a report */
	const void *shown;     /* what the phy adds to it; its header says which struct */
	struct device *device; /* NULL: the packet alone, and no lock is held */
};

struct observer {
	void (*see)(void *ctx, const struct observation *s, struct effects *e);
	/* Carries out one effect of this packet, which it may tag; frame as seen; no lock is held. */
	void (*act)(void *ctx, struct packet *packet, const void *frame, const char *channel, const struct effect *e);
	void *ctx;
	/* What rules care for at most: of a network's data, so long after a disconnection; control frames that reserve
	 * the channel for longer than that. Phys may leave out what no rule cares for. */
	uint32_t disconnected_sec, reserved_us;
};

static inline void effect_add(struct effects *e, struct effect x)
{
	if (e->n == EFFECTS_MAX)
		e->dropped++;
	else
		e->items[e->n++] = x;
}

static inline void model_events_add(struct model_events *l, uint8_t what, const struct key *device, uint32_t network)
{
	if (l->n < MODEL_EVENTS_MAX)
		l->items[l->n++] = (struct model_event){what, *device, network};
}
