/* Step 2 of a phy: what a device of it remembers, what it takes of the options, and what rules may see of it. This is
 * all that other rooms know of the phy. */
#pragma once
#include "conf/option.h"
#include "track/phy.h"

#define PHY_TEMPLATE 11 /* its position in phy/phys.c, where PHYS_BUILT_IN grows with it */

/* Made of zeros with each device; what rows name is copied, freed and logged by them. */
struct template_device {
	uint32_t answers;
	uint8_t battery; /* percent */
	double celsius;
	char *name;
};

/* Options (track_conf.phy_conf): a member and a row each. */
struct template_conf {
	uint32_t low_battery; /* percent at which a buoy is in the view of low batteries */
};
extern const struct option_table template_options;

/* What rules may see: observation.observation, with observation.shown a struct template_frame. */
enum template_observation { OBSERVED_TEMPLATE /* a buoy that sent something, before its record is updated */ };

extern const struct phy template_phy;
