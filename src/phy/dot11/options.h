/* Options: Wi-Fi. */
#pragma once
#include "base/mac.h"
#include "conf/option.h"
#include "phy/dot11/fingerprint.h"
#include "wire/dot11/wep.h"

/* The key of the networks whose BSSID it matches. */
struct dot11_wep_key {
	struct mac_mask bssid;
	struct wep_key key;
};

struct dot11_conf {
	bool signal_from_beacon;      /* dot11_ap_signal_from_beacon */
	bool keep_eapol;              /* dot11_keep_eapol */
	bool keep_elements;           /* dot11_keep_ietags */
	bool country_full;            /* dot11_11d_country_full */
	bool link_colocated;          /* dot11_link_bssts */
	bool hide_data, dont_be_evil; /* hidedata, dontbeevil: the same */
	bool ap_only;                 /* dot11_ap_only_survey */
	bool view_accesspoints;       /* dot11_view_accesspoints */
	bool view_ssids;              /* dot11_view_ssids */
	bool fingerprints;            /* dot11_fingerprint_devices */
	char *beacon_fingerprint_list,
		*probe_fingerprint_list; /* dot11_beacon_ie_fingerprint, dot11_probe_ie_fingerprint */
	uint64_t colocated_window_us;    /* dot11_related_bss_window */
	struct string_list wepkeys;      /* BSSID[/MASK],KEY */
	/* Made of them by dot11_conf_read(). */
	struct dot11_wep_key *wep_keys;
	uint32_t n_wep_keys;
	struct fingerprint_list beacon_elements, probe_elements;
};
extern const struct option_table dot11_options;

/* Reads keys and lists of elements; the number of those that cannot be read, each reported. dot11_conf_finish()
 * afterwards, when no tracker has the configuration any more. */
unsigned dot11_conf_read(struct dot11_conf *c, option_fault_fn fault, void *ctx);
void dot11_conf_finish(struct dot11_conf *c);
