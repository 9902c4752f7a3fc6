/* One record for each device that is seen. A device sits in a slot of its shard and never moves;
 * no pointer to it or into it outlives the shard's lock (see tracker.h). */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/key.h"
#include "base/position.h"
#include "field/field.h"
#include "field/history.h"
#include "wire/packet.h"

#define DEVICE_PARTS 4 /* its phy's, the drone's, the rules', and one of a phy from outside */
#define DEVICE_TAG_BYTES 4096

/* Bits of device.basic_type_set. */
enum device_basic_type { DEVICE_AP = 1, DEVICE_CLIENT = 2, DEVICE_WIRED = 4, DEVICE_PEER = 8 };
/* Bits of device.basic_crypt_set. */
enum device_basic_crypt { DEVICE_ENCRYPTED = 2 };

#define DEVICE_TYPE_UNKNOWN 0 /* the others number the texts of phys (device_add_types()) */
#define DEVICE_CRYPT_TEXT_SIZE 1024

enum signal_type { SIGNAL_NONE, SIGNAL_DBM, SIGNAL_RSSI };

struct signal {
	uint8_t type;
	bool seen; /* any radio information came with a frame */
	int16_t last_signal, last_noise, min_signal, min_noise, max_signal, max_noise;
	uint8_t encodings, carriers; /* enum radio_encoding and radio_carrier, or-ed */
	uint32_t max_rate_100kbps;
	struct history history;
};

struct freq_count {
	uint32_t khz, packets;
};

struct seenby {
	uint16_t source;
	uint32_t first_sec, last_sec;
	uint32_t sighting; /* the model's own: 1 + where its open sighting is in the shard; 0: it has none */
	uint64_t packets;
	struct seenby_radio *radio; /* NULL: not kept */
};
/* How the source received it. */
struct seenby_radio {
	struct signal signal;
	LIST(struct freq_count) freqs;
};

struct tag {
	char *name, *value;
};

/* Devices of one kind of relation, by key. */
struct related {
	char *relation;
	LIST(struct key) keys;
};

/* Where the device was seen. The mean is over unit vectors. */
struct location {
	struct position min, max, last;
	double x, y, z, alt_sum;
	uint32_t samples, alt_samples, last_sample_sec;
	uint8_t fix;
};

struct device {
	struct key key;
	uint8_t phy;  /* number of the phy that owns the record */
	uint8_t type; /* DEVICE_TYPE_UNKNOWN, or which of the texts of device_add_types() */
	uint8_t basic_type_set, basic_crypt_set;
	uint8_t n_parts;
	uint8_t part_phy[DEVICE_PARTS];
	uint8_t phy_views; /* 1 << n: it is in this one of its phy's views; the phy sets it */
	uint16_t vendor;   /* index into the vendor table, 0: unknown */
	char channel[10];
	bool crypt_known; /* crypt_bits is set */
	bool archived;    /* it is as a log had it, and not in the model */
	uint32_t freq_khz;
	uint32_t first_sec, last_sec; /* packet time */
	uint32_t mod_sec;             /* server time */
	uint32_t seen_sec;            /* history time: the second it counts as active in */
	uint32_t num_alerts;
	uint64_t packets, rx, tx, llc, error, data, crypt, filtered, datasize;
	uint64_t crypt_bits; /* what `crypt` says in words */
	struct history packets_history, rx_history, tx_history, datasize_history;
	struct signal signal;
	LIST(struct freq_count) freqs;
	struct freq_count first_freq;
	LIST(struct seenby) seenby;
	struct seenby first_seenby;
	char *name;     /* what the phy calls it, in air text */
	char *username; /* what the user calls it */
	LIST(struct tag) tags;
	LIST(struct related) related;
	struct location *location;
	void *part[DEVICE_PARTS]; /* records of phys, in the order of part_phy */
};

extern struct field_table device_table, signal_table, location_table;

/* Before the first source opens, on one thread: the table of a phy's record (what it owns). False when that is known
 * already. */
bool device_add_part(uint8_t phy, struct field_table *table);
/* The phy's record, or NULL. Under the shard's lock, or on a copy. */
static inline void *device_part(const struct device *d, uint8_t phy)
{
	for (uint8_t i = 0; i < d->n_parts; i++)
		if (d->part_phy[i] == phy)
			return d->part[i];
	return NULL;
}
/* The part of that number, made of table->size zeroed bytes when the device has none yet; NULL when it
 * has no room for one. */
void *device_own_part(struct device *d, uint8_t part);
/* The same by the table of device_add_part(). */
void *device_own_part_of(struct device *d, const struct field_table *table);
/* Copies a device with all that it owns; as field_copy(). */
void device_copy(struct device *dst, const struct device *src, struct arena *arena);
void device_free(struct device *d);
size_t device_bytes(const struct device *d);
/* Replaces an owned text by what a span of the frame says; an empty span changes nothing. */
void device_keep_text(char **text, struct span s);

/* The level that it had, in the unit that s->type says; 0: none. */
int16_t signal_update(struct signal *s, const struct radio *radio, uint32_t packet_sec);
void device_update_freq(struct device *d, uint32_t khz);
/* The device's entry of the source; NULL: there are too many. */
struct seenby *device_update_source(struct device *d, uint16_t source, uint32_t packet_sec, uint32_t server_sec);
/* What the source's radio said of a frame of the device, which it has seen. */
void device_update_source_radio(struct device *d, uint16_t source, const struct radio *radio, uint32_t packet_sec);
/* Adds a position to a location; *l is allocated with the first one. */
void location_update(struct location **l, const struct position *p, uint32_t server_sec);
/* Adds a related device to those of that relation; repeats and what is over the limit are left out. */
void device_relate(struct device *d, const char *relation, const struct key *key);
/* Sets a tag, or removes it when value is empty; ERR_LIMIT when there are too many or it is long. */
int device_set_tag(struct device *d, const char *name, const char *value);
