#include <stdlib.h>
#include <string.h>

#include "app/uav_rules.h"
#include "app/state.h"
#include "base/mem.h"
#include "phy/uav/uav.h"

void uav_rules_free(struct app *a)
{
	for (uint16_t i = 0; i < a->n_uav_rules; i++)
		uav_rule_finish(&a->uav_rules[i]);
	free(a->uav_rules);
	a->uav_rules = NULL;
	a->n_uav_rules = 0;
}

unsigned uav_rules_read(struct app *a)
{
	const struct string_list *l = &a->conf.rest.uav_match;
	unsigned errors = 0;

	uav_rules_free(a);
	a->uav_rules = xnew(struct uav_rule, UAV_RULES_MAX);
	for (size_t i = 0; i < l->n; i++) {
		char reason[REGEX_ERROR_SIZE] = "there are too many";

		if (a->n_uav_rules < UAV_RULES_MAX &&
		    uav_rule_parse(l->items[i], &a->uav_rules[a->n_uav_rules], reason)) {
			a->n_uav_rules++;
			continue;
		}
		errors += options_fault(&a->conf.options, "uav_match", l->items[i], reason);
	}
	return errors;
}
