/* Options: Bluetooth. */
#pragma once
#include "conf/option.h"

struct btle_conf {
	bool ignore_random; /* btle_ignore_random: devices whose address is random are left out */
};
extern const struct option_table btle_options;
