/* The intrusion detection: looks on while frames are applied, and raises what rules find. */
#pragma once
#include "conf/option.h"
#include "detect/alert.h"
#include "detect/rules.h"
#include "track/tracker.h"

#define WATCHED_MAX 4096 /* addresses and masks of devicefound= and devicelost= */
#define OWN_MAX 1024     /* names of own_ssid=, and addresses of own_bssid= */

enum watched { WATCH_FOUND = 1, WATCH_LOST = 2, WATCH_BOTH = 3 };

struct detector_conf {
	const char *const *apspoof, *const *ssidcanary, *const *found, *const *lost; /* NULL terminated */
	const char *const *own_ssids, *const *own_bssids;
	const char *const *thresholds; /* "NAME:most=20,within=2s" */
	uint32_t found_timeout_sec, lost_timeout_sec;
	option_fault_fn fault; /* told of what cannot be read; NULL: it is logged */
	void *fault_ctx;
	int32_t max_signal;
	bool country_full;
	struct expected_prints prints; /* lives as long as the tracker */
};

struct detector;
/* Defines every rule's alert; before the first source opens. `errors` counts settings that could not be
 * read, each logged. */
struct detector *detector_create(const struct detector_conf *conf, struct alerts *alerts, struct tracker *tracker,
				 unsigned *errors);
void detector_destroy(struct detector *d);
/* Turns rules on as their alerts are enabled, and lets them look on. After the rates were set. */
void detector_start(struct detector *d);
/* Devices that are found or lost; about once a second, one thread. */
void detector_tick(struct detector *d, uint32_t server_sec);

/* Watched addresses, whole or with a mask, which stands for every device that it matches: adds or removes bits of enum
 * watched. ERR_LIMIT. Any thread. */
int detector_watch(struct detector *d, const struct mac_mask *mac, uint8_t bits, bool add);
uint32_t detector_watched(struct detector *d, uint8_t bits, struct mac_mask *ret, uint32_t max);
