/* Names of networks over all devices: who advertises one, answers with it and looks for it. Sixteen parts
 * by the name's hash, each with a lock of its own; norn_max_all_ssids and norn_max_ssid_devices bound them.
 * Networks without a name are not among them. */
#pragma once
#include "base/ssid.h"
#include "track/page.h"

/* What a device does with a name. */
enum ssid_role { SSID_ADVERTISING = 1, SSID_RESPONDING = 2, SSID_PROBING = 4 };

struct ssid_device {
	struct mac mac;
	uint8_t roles; /* enum ssid_role, or-ed */
};

/* One name. Devices are in the order of their addresses. */
struct ssid_group {
	uint32_t hash; /* as of the records of devices */
	uint32_t phy_hash;
	struct ssid ssid;
	uint32_t first_sec, last_sec; /* packet time */
	uint32_t mod_sec;             /* server time */
	uint32_t next, generation;    /* the table's: of the bucket, 1 + slot; of the slot */
	uint64_t crypt;               /* of all its networks, or-ed (wire/dot11/frame.h) */
	LIST(struct ssid_device) devices;
};
extern struct field_table ssid_group_table;

/* What a frame says of a name; carried out when no shard is locked. */
struct ssid_observation {
	struct ssid ssid;
	enum ssid_role role;
	struct key device;
	uint32_t hash, packet_sec, server_sec;
	uint64_t crypt;
};
#define SSID_OBSERVATIONS_MAX 4
struct ssid_observations {
	uint32_t n;
	struct ssid_observation items[SSID_OBSERVATIONS_MAX];
};

struct ssids;
struct ssids *ssids_create(void);
void ssids_destroy(struct ssids *t);
/* Any thread, no lock held. */
void ssids_observe(struct ssids *t, const struct ssid_observation *h);

/* Names over all devices, as tracker_next(), tracker_fetch() and tracker_get() have devices; since_sec and
 * arena of the walk count. Any thread; the latter two only when tracker_has_ssids(). */
bool tracker_has_ssids(const struct tracker *t);
uint32_t tracker_next_ssids(struct tracker *t, struct tracker_walk *walk, struct ssid_group *ret_groups[TRACK_SLICE],
			    struct device_handle ret_handles[TRACK_SLICE]);
/* A page of them, as tracker_page() of devices. */
void tracker_page_ssids(struct tracker *t, const struct page_query *q, struct record_page *ret);
/* Identifies a name across time. */
struct key ssid_key(const void *group);
struct ssid_group *tracker_fetch_ssid(struct tracker *t, struct device_handle h, struct arena *arena);
struct ssid_group *tracker_get_ssid(struct tracker *t, uint32_t hash, struct arena *arena);
