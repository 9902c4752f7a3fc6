/* Options: Wi-Fi. */
#include "phy/dot11/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "base/mem.h"

#define O struct dot11_conf
static const struct option_row rows[] = {
	OPTION(O, "dot11_ap_signal_from_beacon", signal_from_beacon, true, NO_RANGE, AT_START,
	       "An access point's signal is that of its beacons and answers, once it beacons."),
	OPTION(O, "dot11_ap_only_survey", ap_only, false, NO_RANGE, AT_START, "Track access points only, no clients."),
	OPTION(O, "dot11_view_accesspoints", view_accesspoints, true, NO_RANGE, AT_START,
	       "Offer a view of access points."),
	OPTION(O, "dot11_view_ssids", view_ssids, true, NO_RANGE, AT_START,
	       "Offer a view of the names of networks over all devices."),
	OPTION(O, "dot11_link_bssts", link_colocated, false, NO_RANGE, AT_START,
	       "Relate access points whose clocks began together: they are one device."),
	OPTION(O, "dot11_related_bss_window", colocated_window_us, 10000000, NO_RANGE, AT_START,
	       "Greatest difference between the starts of those clocks, in microseconds."),
	OPTION(O, "dot11_fingerprint_devices", fingerprints, true, NO_RANGE, AT_START,
	       "Compute fingerprints of devices from the elements that they send."),
	OPTION(O, "dot11_beacon_ie_fingerprint", beacon_fingerprint_list,
	       "0,1,45,48,50,61,74,127,191,195,221-00156D-00,221-0050F2-2,221-001018-2,221-506F9A-28", NO_RANGE,
	       WORD_AT_START,
	       "Elements of beacons and probe responses in the fingerprint: numbers, a vendor's as 221-OUI-TYPE."),
	OPTION(O, "dot11_probe_ie_fingerprint", probe_fingerprint_list, "1,50,59,107,127,221-001018-2,221-00904C-51",
	       NO_RANGE, WORD_AT_START, "Elements of probe requests in the fingerprint."),
	OPTION(O, "wepkey", wepkeys, "", NO_RANGE, AT_START | OPTION_SECRET,
	       "BSSID[/MASK],KEY: the WEP key of a network, 5, 13 or 16 octets in hex."),
	OPTION(O, "hidedata", hide_data, false, NO_RANGE, AT_START,
	       "Remove the payload of data frames from logs and streams; their headers stay."),
	OPTION(O, "dontbeevil", dont_be_evil, false, NO_RANGE, AT_START, "The same as hidedata."),
	OPTION(O, "dot11_keep_eapol", keep_eapol, true, NO_RANGE, AT_START, "Keep handshakes for download."),
	OPTION(O, "dot11_keep_ietags", keep_elements, false, NO_RANGE, AT_START,
	       "Keep every element of each network, as octets."),
	OPTION(O, "dot11_11d_country_full", country_full, false, NO_RANGE, AT_START,
	       "Keep the channels of the country element; DOT11D checks them too."),
};
const struct option_table dot11_options = OPTION_TABLE(O, "80211", "Wi-Fi.", rows);

/* Hex, with or without colons. */
static bool take_key(const char *s, struct wep_key *key)
{
	key->n = 0;
	while (*s) {
		int high = hex_value(s[0]), low = high < 0 ? -1 : hex_value(s[1]);

		if (low < 0 || key->n == WEP_KEY_MAX)
			return false;
		key->b[key->n++] = (uint8_t) (high << 4 | low);
		s += s[2] == ':' ? 3 : 2;
	}
	return key->n == 5 || key->n == 13 || key->n == 16;
}

static bool take_entry(const char *text, struct dot11_wep_key *k)
{
	const char *comma = strchr(text, ',');

	return comma && mac_mask_parse(text, (size_t) (comma - text), &k->bssid) >= 0 && take_key(comma + 1, &k->key);
}

static unsigned read_keys(struct dot11_conf *c, option_fault_fn fault, void *ctx)
{
	struct dot11_wep_key *keys = xnew(struct dot11_wep_key, c->wepkeys.n + 1);
	unsigned errors = 0;

	c->n_wep_keys = 0;
	for (size_t i = 0; i < c->wepkeys.n; i++) {
		if (take_entry(c->wepkeys.items[i], &keys[c->n_wep_keys])) {
			c->n_wep_keys++;
			continue;
		}
		errors += fault(ctx, "wepkey", c->wepkeys.items[i],
				"expected BSSID,KEY with a key of 10, 26 or 32 hex digits");
	}
	c->wep_keys = keys;
	return errors;
}

static unsigned read_list(const char *name, const char *text, struct fingerprint_list *ret, option_fault_fn fault,
			  void *ctx)
{
	char reason[128];

	if (!text || fingerprint_list_parse(text, ret))
		return 0;
	*ret = (struct fingerprint_list){0};
	(void) snprintf(reason, sizeof(reason), "expected at most %d element numbers, as in 0,1,221-0050F2-2",
			FINGERPRINT_ELEMENTS_MAX);
	return fault(ctx, name, text, reason);
}

unsigned dot11_conf_read(struct dot11_conf *c, option_fault_fn fault, void *ctx)
{
	unsigned errors = read_keys(c, fault, ctx);

	c->beacon_elements = c->probe_elements = (struct fingerprint_list){0};
	if (!c->fingerprints)
		return errors;
	return errors +
	       read_list("dot11_beacon_ie_fingerprint", c->beacon_fingerprint_list, &c->beacon_elements, fault, ctx) +
	       read_list("dot11_probe_ie_fingerprint", c->probe_fingerprint_list, &c->probe_elements, fault, ctx);
}

void dot11_conf_finish(struct dot11_conf *c)
{
	free(c->wep_keys);
	c->wep_keys = NULL;
	c->n_wep_keys = 0;
}
