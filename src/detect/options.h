/* Options: alerts, their rules and rates. */
#pragma once
#include "conf/option.h"
#include "detect/rules.h"

struct detector_conf {
	uint32_t backlog;              /* alertbacklog */
	struct string_list rates;      /* alert=NAME,10/min,1/sec */
	struct string_list thresholds; /* norn_alert_threshold=NAME:most=20,within=2s */
	struct string_list apspoof, ssidcanary;
	struct string_list found, lost; /* addresses, of devicefound= and devicelost= */
	uint32_t found_timeout_sec, lost_timeout_sec;
	int32_t max_signal; /* dot11_max_signal, dBm */
	struct string_list own_ssids, own_bssids;
	struct string_list at_start; /* load_alert=NAME:text */
	/* Members that are not options of this room. */
	option_fault_fn fault; /* called for a setting that cannot be read; NULL: it is logged */
	void *fault_ctx;
	bool country_full;                         /* as the 802.11 phy has it */
	struct expected_fingerprints fingerprints; /* lives as long as the tracker */
};
extern const struct option_table detector_options;
