/* Options: positions. */
#pragma once
#include "conf/option.h"

struct locate_conf {
	struct string_list gps; /* definitions, for locator_add() */
	bool backfill;          /* gps_backfill: what was seen before a fix gets a position */
};
extern const struct option_table locate_options;
