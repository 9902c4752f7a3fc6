/* Options: Bluetooth. */
#include "phy/bluetooth/options.h"

#define O struct btle_conf
static const struct option_row rows[] = {
	OPTION(O, "btle_ignore_random", ignore_random, false, NO_RANGE, AT_START,
	       "Ignore Bluetooth Low Energy devices with random addresses."),
};
const struct option_table btle_options = OPTION_TABLE(O, "bluetooth", "Bluetooth.", rows);
