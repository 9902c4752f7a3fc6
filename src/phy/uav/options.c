/* Options: drones. */
#include "phy/uav/options.h"

#include <stdlib.h>

#include "base/mem.h"
#include "phy/uav/uav.h"
#include "phy/uav/uav_rules.h"

#define O struct uav_conf
static const struct option_row rows[] = {
	OPTION(O, "uav_match", matches, "", NO_RANGE, AT_START,
	       "A maker's rule: ID:name=\"...\",model=\"...\",ssid=\"...\",mac=\"...\",match_any=."),
};
const struct option_table uav_options = OPTION_TABLE(O, "uav", "Drones.", rows);

unsigned uav_conf_read(struct uav_conf *c, option_fault_fn fault, void *ctx)
{
	unsigned errors = 0;

	c->rules = xnew(struct uav_rule, UAV_RULES_MAX);
	c->n_rules = 0;
	for (size_t i = 0; i < c->matches.n; i++) {
		char reason[REGEX_ERROR_SIZE] = "there are too many";

		if (c->n_rules < UAV_RULES_MAX && uav_rule_parse(c->matches.items[i], &c->rules[c->n_rules], reason)) {
			c->n_rules++;
			continue;
		}
		errors += fault(ctx, "uav_match", c->matches.items[i], reason);
	}
	return errors;
}

void uav_conf_finish(struct uav_conf *c)
{
	for (uint16_t i = 0; i < c->n_rules; i++)
		uav_rule_finish(&c->rules[i]);
	free(c->rules);
	c->rules = NULL;
	c->n_rules = 0;
}
