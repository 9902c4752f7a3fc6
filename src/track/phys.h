/* The phys of a model. */
#pragma once
#include "track/phy.h"

struct track_source; /* track/model.h */

/* Adds a phy, whose texts and tables are the caller's and live as long as the tracker: its number.
 * ERR_EXISTS when its name or one of its link types is taken, ERR_LIMIT when there are too many. One
 * thread, before the first source opens. */
int tracker_add_phy(struct tracker *t, const struct phy *phy);
/* What a phy keeps over all devices; NULL: nothing, or there is no such phy. Any thread. */
void *tracker_phy_state(const struct tracker *t, uint8_t phy);
/* The name of a phy that tracker_add_phy() added in this process; NULL: there is none. */
const char *tracker_added_phy(uint8_t number);

/* What is shown of a phy. */
struct phy_counts {
	const char *name;
	uint32_t id;
	uint64_t devices, packets;
};
extern struct field_table phy_table;
/* The phys by number, at most max: how many. Any thread. */
uint32_t tracker_phys(struct tracker *t, struct phy_counts *ret_phys, uint32_t max);

/* For the model itself. */
/* Adds the phys of the configuration, and then their further views (phys.c). */
void phys_add(struct tracker *t);
/* Frees what phys keep over all devices. */
void phys_remove(struct tracker *t);
/* Allocates and frees what phys keep for a source. */
void phys_source(const struct tracker *t, struct track_source *s);
/* The vendor of a new device, by its address; 0: none. */
uint16_t phy_vendor(const struct tracker *t, const struct device *d);
