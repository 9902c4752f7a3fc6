/* Options: drones. */
#pragma once
#include "conf/option.h"

struct uav_rule;

struct uav_conf {
	struct string_list matches; /* uav_match, makers' rules */
	/* Made of them by uav_conf_read(). */
	struct uav_rule *rules;
	uint16_t n_rules;
};
extern const struct option_table uav_options;

/* Reads makers' rules; the number of those that cannot be read, each reported. uav_conf_finish() afterwards, when no
 * tracker has the configuration any more. */
unsigned uav_conf_read(struct uav_conf *c, option_fault_fn fault, void *ctx);
void uav_conf_finish(struct uav_conf *c);
