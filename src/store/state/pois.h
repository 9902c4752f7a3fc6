/* Points of interest: moments and positions that the user marked, for the kismetdb and for requests. Any thread. */
#pragma once
#include "base/position.h"
#include "field/field.h"

#define POI_NOTE_SIZE 1024 /* a note is cut to fit */

struct poi {
	uint64_t number, time_us; /* of the run, from 1; server time */
	struct position position;
	char note[POI_NOTE_SIZE]; /* "": none */
};
extern struct field_table poi_table;

struct pois;
struct pois *pois_create(void);
void pois_destroy(struct pois *p);
/* The oldest goes when there are as many as LIMIT_POIS says. */
void pois_add(struct pois *p, const struct position *position, const char *note);
/* The number of the latest; 0 when there is none. A load. */
uint64_t pois_last(const struct pois *p);
/* Those behind that number, oldest first; ret has room for LIMIT_POIS. How many. */
uint32_t pois_copy(struct pois *p, uint64_t after, struct poi *ret);
