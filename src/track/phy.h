/* Phys: the kinds of radio that the model knows. A phy is one row: its name, the link types that are left
 * for it once packet_peel() is done, how it reads a packet, and what its devices remember. The rows of
 * norn's own phys are in phys.c; others come by tracker_add_phy() before the first source opens. */
#pragma once
#include "track/device.h"
#include "wire/bluetooth/btle.h"
#include "wire/dot11/frame.h"
#include "wire/bluetooth/hci.h"

#define PHYS_MAX 31       /* the part behind them is the rules' (detect/scope.h) */
#define PHY_REPORTS_MAX 4 /* types of reports of a phy */
#define PHY_LINKS_MAX 6   /* link types of a phy */
#define LINKTYPES 512     /* numbers of tcpdump.org's list that a phy may take */

/* Numbers of norn's own phys: Kismet's order, so that numbers agree. */
enum phy_number {
	PHY_DOT11,
	PHY_SENSOR,
	PHY_ZWAVE,
	PHY_BLUETOOTH,
	PHY_UAV,
	PHY_MOUSEJACK,
	PHY_BTLE,
	PHY_METER,
	PHY_ADSB,
	PHY_802154,
	PHY_RADIATION,
	PHYS_BUILT_IN,
};

/* What a packet says, as its phy read it. It lives while the packet goes through the model. */
union phy_frame {
	struct frame dot11;
	struct btle_frame btle;
	struct hci_frame hci;
	uint64_t other[32]; /* of phys from outside: theirs to use */
};

struct passage; /* track/model.h */
struct tracker;
struct json_in;

struct phy {
	const char *name;              /* as published; keys are a sum over it */
	const char *record_name;       /* wire name of its record in the device; NULL: it has none */
	const char *record_doc;        /* one sentence about it */
	struct field_table *record;    /* made of zeros with each device of the phy; every record fits its rows */
	uint16_t links[PHY_LINKS_MAX]; /* of packet->link; 0 ends them */
	bool repeats; /* its senders repeat frames octet by octet: only what two sources heard is a duplicate */

	/* All on the source's thread. What it is worth to fetch while the packet is read; may be NULL. */
	void (*fetch)(struct tracker *t, const struct packet *packet);
	/* Reads packet->mpdu and sets bssid, sender, destination, transmitter and is_data of the packet, to
	 * zeros where it has none. No allocation, no state. Negative: it cannot be read. */
	int (*dissect)(struct packet *packet, union phy_frame *ret);
	/* Brings it to the devices, by passage_enter() and passage_leave(); `packet` is p->packet. */
	void (*apply)(struct passage *p, struct packet *packet, union phy_frame *frame);
	/* A new device of the phy, under its shard's lock: what it is; may be NULL. */
	void (*greet)(const struct passage *p, struct device *d);
	/* Whether its address tells its vendor; NULL: when the address does not say that it is local. */
	bool (*has_vendor)(const struct device *d);
	/* Reports in JSON that it may take, by their types in any case, NULL ends them; true: it was the phy's, which
	 * set `sender` of the packet. Several phys may ask for a type; the first that takes a report has it. */
	const char *reports[PHY_REPORTS_MAX];
	bool (*report)(struct passage *p, struct packet *packet, const char *type, const struct json_in *json);
	void *ctx; /* the phy's own */
};
