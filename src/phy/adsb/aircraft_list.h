/* Registration and type of aircraft by their ICAO address, from the files that Debian's dump1090-mutability installs
 * for its own pages: each has the rest of the address behind the digits of its name ("4.json": {"6005A": {"r":
 * "D-ABCD", "t": "A320"}, "children": ["40", ...]}). They are opened when one is asked for, and what they said of the
 * latest is remembered. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#define AIRCRAFT_TEXT_SIZE 16
struct aircraft_entry {
	char registration[AIRCRAFT_TEXT_SIZE], type[AIRCRAFT_TEXT_SIZE]; /* ICAO's designator; "": unknown */
};

struct aircraft_list;
/* folder NULL or "": Debian's. */
struct aircraft_list *aircraft_list_create(const char *folder);
void aircraft_list_destroy(struct aircraft_list *r);
/* False when the files do not know it. Reads files at times: not under a lock of the model. Any thread. */
bool aircraft_list_find(struct aircraft_list *r, uint32_t icao, struct aircraft_entry *ret);
