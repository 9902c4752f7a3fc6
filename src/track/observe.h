/* How rules look on while frames are applied: the app registers one observer before the first source
 * opens. It sees devices under their shard's lock: it may change its own record of the device
 * (device_own_part()) and add effects, and nothing else; no text, no wait, no other lock. */
#pragma once
#include "track/device.h"
#include "phy/dot11/dot11.h"
#include "wire/bluetooth/btle.h"
#include "wire/dot11/frame.h"
#include "wire/bluetooth/hci.h"
#include "wire/packet.h"

/* What a frame brought that the model did not have; told when no lock is held. */
enum news {
	NEWS_DEVICE,
	NEWS_ADVERTISED, /* a network in beacons */
	NEWS_RESPONDED,  /* a network in probe responses */
	NEWS_PROBED,     /* a network that is looked for */
	NEWS_HANDSHAKE,  /* messages 1 or 3, and 2 of a client's handshake */
};
struct news_item {
	enum news what;
	struct key device;
	uint32_t network; /* hash of its record */
};
#define NEWS_MAX 8 /* of one frame */
struct news_list {
	uint32_t n;
	struct news_item items[NEWS_MAX];
};

#define EFFECTS_MAX 32 /* of one packet; more are counted */

enum sight {
	SIGHT_FRAME,     /* a frame as it is, before any device; no lock is held */
	SIGHT_BSSID,     /* the network that a frame belongs to, before it learns from it */
	SIGHT_STATION,   /* the station of a handshake, DHCP or ARP frame, before it learns from it */
	SIGHT_NETWORK,   /* a network's record whose elements, interval or privacy are new or changed, before it takes
			    them */
	SIGHT_PROBED,    /* a network that a station looks for, the first time */
	SIGHT_BTLE,      /* a device that an advertising channel told of, before it learns from it */
	SIGHT_BLUETOOTH, /* a device that a controller or client told of, before it learns from it */
	SIGHT_PRINT,     /* a device's fingerprint, of a probe, or of a network's elements that are new or changed */
};

/* What an observer wants done when no lock is held. */
struct effect {
	uint16_t what; /* the observer's number */
	struct key device;
	struct ssid ssid;
	uint64_t a, b;     /* the observer's */
	uint32_t frames;   /* behind it */
	uint64_t first_us; /* packet time of the first of them; 0: this one */
};
struct effects {
	uint32_t n, dropped;
	struct effect items[EFFECTS_MAX];
};

struct sighting {
	enum sight sight;
	const struct packet *packet;
	const struct frame *frame;         /* of 802.11, else NULL */
	bool duplicate, elsewhere, is_new; /* heard before, that by another source; the device is new */
	uint32_t packet_sec, before_sec;   /* before_sec: the device's last packet time before this one */
	struct device *device;             /* NULL for SIGHT_FRAME */
	const struct dot11_device *dot11;
	const struct btle_frame *btle;          /* SIGHT_BTLE */
	const struct hci_report *bluetooth;     /* SIGHT_BLUETOOTH */
	const struct dot11_advertised *network; /* SIGHT_NETWORK: as it was; hash 0 and ssid set when new */
	bool fresh;                             /* the device is new; SIGHT_NETWORK: the record is new */
	struct ssid ssid;                       /* SIGHT_NETWORK, SIGHT_PROBED */
	uint32_t print;                         /* SIGHT_PRINT: what this frame hashes to */
	char channel[10];                       /* that the frame names, or "" */
};

struct observer {
	void (*see)(void *ctx, const struct sighting *s, struct effects *e);
	/* Carries out one effect of this packet, which it may tag; no lock is held. */
	void (*act)(void *ctx, struct packet *packet, const struct frame *frame, const char *channel,
		    const struct effect *e);
	void *ctx;
	bool every_data; /* SIGHT_FRAME also of data that are encrypted, or nothing that anybody knows */
};

/* False when octets are missing, or an element does not end where it should. */
static inline bool elements_whole(const struct packet *packet, const struct frame *f)
{
	return !(f->have & FRAME_IES_TORN) && packet->data.left >= packet->length;
}

static inline void effect_add(struct effects *e, struct effect x)
{
	if (e->n == EFFECTS_MAX)
		e->dropped++;
	else
		e->items[e->n++] = x;
}

static inline void news_add(struct news_list *l, enum news what, const struct key *device, uint32_t network)
{
	if (l->n < NEWS_MAX)
		l->items[l->n++] = (struct news_item){what, *device, network};
}

/* The part of that number, made of table->size zeroed bytes when the device has none yet; NULL when it
 * has no room for one. */
void *device_own_part(struct device *d, uint8_t part);
