/* Phys: the kinds of radio that the model knows. A phy is one row, which has what the model asks of it: its name, the
 * link types that are left for it once packet_peel() is done, how it reads a packet and what that does to devices, what
 * its devices remember, how they are called, which views they are in. The rows of norn's own phys are in phy/phys.c,
 * the first of track_conf; others come by tracker_add_phy() before the first source opens.
 *
 * What a phy needs while a packet passes is in packet_ctx.h. */
#pragma once
#include "query/names.h"
#include "track/device.h"

#define PHYS_MAX 31       /* the part behind them is the rules' (detect/scope.h) */
#define PHY_REPORTS_MAX 4 /* types of reports of a phy */
#define PHY_LINKS_MAX 6   /* link types of a phy */
#define PHY_VIEWS_MAX 8   /* views of a phy beside that of all its devices: bits of device.phy_views */
#define PHY_SPACE 4096    /* octets that a phy has for a packet on its way */
#define LINKTYPES 512     /* numbers of tcpdump.org's list that a phy may take */

struct packet_ctx; /* track/packet_ctx.h */
struct tracker;
struct json_in;

struct phy_view {
	const char *id, *description;
};

struct phy {
	const char *name;              /* as published; keys are a sum over it */
	const char *record_name;       /* wire name of its record in the device; NULL: it has none */
	const char *record_doc;        /* one sentence about it */
	struct field_table *record;    /* made of zeros with each device of the phy; every record fits its rows */
	uint16_t links[PHY_LINKS_MAX]; /* of packet->link; 0 ends them */
	bool repeats; /* its senders repeat frames octet by octet: only what two sources saw is a duplicate */
	const char *const *types; /* what a device may be, in words: device_set_type() refers to them by their position;
				     NULL ends them */
	const struct phy_view *views;   /* at most PHY_VIEWS_MAX, without an id at the end; NULL: none */
	uint8_t lasting;                /* enum device_basic_type of the devices that eviction takes last */
	const struct query_name *names; /* further names of its devices in expressions; NULL: none */

	/* What the phy keeps over all devices and packets, of its options (track_conf.phy_conf); NULL: nothing. */
	void *(*create)(struct tracker *t, const void *conf);
	void (*destroy)(void *state);
	/* False for a view that the options leave out; NULL: there are all. */
	bool (*has_view)(const void *state, size_t view);
	size_t source_space; /* octets, zeroed, that it keeps for each source: packet_ctx.of_source */

	/* All on the source's thread. Prefetches memory that several sources share while the packet is read; may be
	 * NULL. */
	void (*fetch)(const struct packet_ctx *p, const struct packet *packet);
	/* Reads packet->mpdu into PHY_SPACE octets, which apply() gets, and sets bssid, sender, destination,
	 * transmitter and is_data of the packet, to zeros where it has none. No allocation, and no state but that of
	 * the source (source_space), which may make it cheaper. Negative: it cannot be read. */
	int (*dissect)(struct packet *packet, void *space, void *of_source);
	/* Brings it to the devices, by device_lock() and device_unlock(); `packet` is p->packet. */
	void (*apply)(struct packet_ctx *p, struct packet *packet, void *space);
	/* A new device of the phy, under its shard's lock: what it is; may be NULL. */
	void (*init)(const struct packet_ctx *p, struct device *d);
	/* Whether its address shows its vendor; NULL: when the address does not say that it is local. */
	bool (*has_vendor)(const struct device *d);
	/* device.crypt_bits in words; NULL: they are none. */
	void (*crypt_text)(uint64_t bits, char ret_text[DEVICE_CRYPT_TEXT_SIZE]);
	/* A device came back from a log (track/restore.c): completes the record from its other parts, and notes what
	 * the phy keeps over all devices. No lock is held, and it is not yet in the model. May be NULL. */
	void (*restored)(void *state, struct device *d);
	/* Reports in JSON that it may take, by their types in any case, NULL ends them; true: it was the phy's, which
	 * set `sender` of the packet. Several phys may ask for a type; the first that takes a report has it. */
	const char *reports[PHY_REPORTS_MAX];
	bool (*report)(struct packet_ctx *p, struct packet *packet, const char *type, const struct json_in *json);
	void *ctx; /* the phy's own */
};

/* A phy as the model has it. */
struct model_phy {
	struct phy row;
	uint32_t hash; /* of its name: of its devices' keys */
	uint8_t number;
	uint8_t first_type;          /* device.type of the first of its types */
	int8_t view;                 /* "phy-<name>" */
	int8_t views[PHY_VIEWS_MAX]; /* its others; negative: left out */
	void *state;                 /* what create() made */
};
