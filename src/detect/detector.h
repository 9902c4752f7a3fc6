/* The intrusion detection: observes frames while they are applied, and raises alerts for what rules find. */
#pragma once
#include "detect/alert.h"
#include "detect/options.h"
#include "detect/rules.h"

#define WATCHED_MAX 4096 /* addresses and masks of devicefound= and devicelost= */
#define OWN_MAX 1024     /* names of own_ssid=, and addresses of own_bssid= */

enum watched { WATCH_FOUND = 1, WATCH_LOST = 2, WATCH_BOTH = 3 };

struct detector;
/* Defines every rule's alert; before the first source opens. `errors` counts settings that could not be
 * read, each logged. */
struct detector *detector_create(const struct detector_conf *conf, struct alerts *alerts, struct tracker *tracker,
				 unsigned *errors);
void detector_destroy(struct detector *d);
/* Turns on the rules whose alerts are enabled, and begins to observe. After the rates were set. */
void detector_start(struct detector *d);

/* Reports a setting that cannot be read: 1 when it is an error (detector.c). */
unsigned detector_fault(const struct detector_conf *conf, const char *name, const char *value, const char *reason);

/* The number of the phy whose frames it looks at; UINT32_MAX: none. */
uint32_t rule_phy(const struct rule *r);
