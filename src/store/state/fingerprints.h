/* Whitelisted fingerprints of 802.11 devices: what the static elements of their frames hash to. Kept in
 * memory and in a file of one JSON object a line, which outlives the run. Any thread; changes write the
 * file, so they come from threads that may wait; readers never wait for the file. */
#pragma once
#include "base/mac.h"
#include "field/field.h"

struct fingerprint {
	struct mac mac;
	uint32_t beacon, probe, response; /* 0: not known */
};
extern struct field_table fingerprint_table;

struct fingerprints;
/* Reads the file; none is no error, lines that cannot be read are reported and left out. path NULL keeps
 * nothing. */
struct fingerprints *fingerprints_open(const char *path);
void fingerprints_close(struct fingerprints *f);
/* Adds all of them or none: ERR_EXISTS when there is one already or twice in the list, ERR_LIMIT when
 * there is no room, else what writing the file gave. */
int fingerprints_insert(struct fingerprints *f, const struct fingerprint *items, uint32_t n);
/* Replaces one; ERR_NOT_FOUND when there is none of that address. */
int fingerprints_update(struct fingerprints *f, const struct fingerprint *item);
/* False when there is none of that address. */
bool fingerprints_find(struct fingerprints *f, const struct mac *mac, struct fingerprint *ret_item);
/* True when there is one at all; takes no lock. */
bool fingerprints_any(const struct fingerprints *f);
/* Removes those that are there; how many, or what writing the file gave. */
int fingerprints_delete(struct fingerprints *f, const struct mac *macs, uint32_t n);
/* Changes with them; takes no lock. */
uint32_t fingerprints_version(const struct fingerprints *f);
/* A copy of all, by address; free() it. */
struct fingerprint *fingerprints_all(struct fingerprints *f, uint32_t *ret_n);
