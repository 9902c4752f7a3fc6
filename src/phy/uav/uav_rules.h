/* uav_match=: makers' rules by address and name. */
#pragma once
#include "phy/uav/uav.h"

/* False with a sentence in ret_error. */
bool uav_rule_parse(const char *text, struct uav_rule *ret, char ret_error[REGEX_ERROR_SIZE]);
void uav_rule_finish(struct uav_rule *r);
/* True if the rule is about a network of that address and name. No lock is held: it matches text. */
bool uav_rule_matches(const struct uav_rule *r, const struct mac *mac, const struct ssid *ssid);
