/* The table of rules: its rows stand in files by theme, and are numbered in this order. */
#include "detect/rules.h"

#include "base/mem.h"
#include "detect/rules/functions.h"

#define HIGH SEVERITY_HIGH
#define MEDIUM SEVERITY_MEDIUM
#define LOW SEVERITY_LOW
#define CRITICAL SEVERITY_CRITICAL
#define DISCONNECT (ON(MGMT_DEAUTH) | ON(MGMT_DISASSOC))
#define ASSOC (ON(MGMT_ASSOC_REQ) | ON(MGMT_REASSOC_REQ))
#define REQUESTS (ASSOC | ON(MGMT_PROBE_REQ))
#define ON_ELEMENTS                                                                                                    \
	(REQUESTS | ON(MGMT_ASSOC_RESP) | ON(MGMT_REASSOC_RESP) | ON(MGMT_PROBE_RESP) | DISCONNECT |                   \
	 ON(MGMT_AUTH)) /* but beacons, which are shown as networks */
#define ON_ANY                                                                                                         \
	(ON_ELEMENTS | ON(MGMT_TIMING_ADV) | ON(MGMT_ATIM) | ON(MGMT_ACTION) | ON(MGMT_ACTION_NO_ACK) | ON_EAPOL |     \
	 ON_DATA)

/* clang-format off */
const struct rule rules[] = {
#include "detect/rules/table_kismet.inc"
#include "detect/rules/table_own.inc"
#include "detect/rules/table_logins.inc"
#include "detect/rules/table_second.inc"
#include "detect/rules/table_bluetooth.inc"
#include "detect/rules/table_server.inc"
};
/* clang-format on */
const size_t rule_count = ARRAY_SIZE(rules);
