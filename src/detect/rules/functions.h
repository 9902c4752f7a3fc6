/* The functions of the rules, by the file they stand in. */
#pragma once
#include "detect/rules.h"

#define RULE(name)                                                                                                     \
	bool rule_##name(const struct rule_ctx *l __attribute__((unused)), struct effect *e __attribute__((unused)))

/* A frame is one of many: the alert says how many, and since when. */
static inline void report_window(struct effect *e, const struct rate_window *b)
{
	e->a = e->frames = b->frames;
	e->first_us = b->first_us;
}
/* Counts a frame of which repeats count too; false for a repeat that another source counts. */
static inline bool rate_window_rule(struct rate_window *b, const struct rule_ctx *l, bool gapless, uint64_t us)
{
	uint64_t now_us = l->packet->time_us;
	uint64_t last_us = b->first_us + (gapless ? UINT64_C(1000) * b->last_ms : 0);

	if (l->s->duplicate && b->frames && b->source != l->packet->source && now_us <= last_us + us)
		return false;
	if ((gapless ? rate_window_continue(b, now_us, us) : rate_window_count(b, now_us, us)) == 1)
		b->source = l->packet->source;
	return true;
}
/* True when the window has more than `most`; the next alert counts anew from this frame. */
static inline bool window_is_over(const struct rule_ctx *l, struct rate_window *b, uint32_t most, struct effect *e)
{
	report_window(e, b);
	if (b->frames <= most)
		return false;
	*b = (struct rate_window){.first_us = l->packet->time_us, .frames = 1, .source = b->source};
	return true;
}
/* What the source knows of the frame's transmitter, as {forged} of a text says it: the transmitter is received at
 * another level than this frame. 0: it is not known to be forged. */
static inline uint64_t forgery_of(const struct rule_ctx *l)
{
	return l->source && l->source->match.forged ? UINT64_C(1) << 8 | (uint8_t) l->source->match.usual_dbm : 0;
}
/* True for a time that is less than us away, before or behind: captures of other times may be read meanwhile. */
static inline bool is_near(uint64_t a_us, uint64_t b_us, uint64_t us)
{
	return (a_us > b_us ? a_us - b_us : b_us - a_us) < us;
}
/* The time of the rule that its row calls within_ms. */
static inline uint64_t within_us(const struct rule_ctx *l)
{
	return UINT64_C(1000) * l->numbers->within_ms;
}
static inline uint64_t after_us(const struct rule_ctx *l)
{
	return UINT64_C(1000) * l->numbers->after_ms;
}
static inline uint64_t look_us(const struct rule_ctx *l)
{
	return l->packet->time_us;
}

/* network.c: what a known network says anew */
RULE(adhoc_conflict);
RULE(crypt_change);
RULE(crypt_drop);
RULE(beacon_rate);
RULE(channel_change);
RULE(country_change);
RULE(generation_drop);
RULE(weak_at_6ghz);
RULE(sae_dropped);

/* clock.c: the clocks of networks */
RULE(bss_timestamp);
RULE(clock_rate);
RULE(twin_clock);

/* own.c: the user's own networks, and names of several stations */
RULE(rogue_ap);
RULE(new_name);
RULE(lookalike);
RULE(own_weak_crypto);
RULE(own_mac_as_client);
RULE(new_network);
RULE(evil_twin);
RULE(sae_missing);

/* ip.c: DHCP and ARP of stations */
RULE(dhcp_name_change);
RULE(dhcp_os_change);
RULE(dhcp_client_id);
RULE(dhcp_conflict);

/* lan.c: who forges ARP, DHCP, routers and names on a network in clear */
RULE(dhcp_server);
RULE(dhcp_starvation);
RULE(arp_poisoning);
RULE(icmp_redirect);
RULE(router_advertised);
RULE(names_answered);

/* tool.c: tools by their signs */
RULE(pwnagotchi);
RULE(tool_ssid);
RULE(tool_disconnect);
RULE(tool_beacons);
RULE(netstumbler);
RULE(lucent_test);

/* name.c: names that networks have, and stations look for */
RULE(airjack);
RULE(format_string);
RULE(ap_spoof);
RULE(canary);
RULE(canary_probed);
RULE(null_probe_response);

/* disconnect.c: stations are thrown out */
RULE(bcast_disconnect);
RULE(disconnect_flood);
RULE(bare_disconnects);
RULE(forged_disconnect);
RULE(disconnect_cycles);

/* forgery.c: two radios in one name */
RULE(forged_beacon);
RULE(forged_action);
RULE(forged_power_save);
RULE(forged_key);

/* twin.c: networks that imitate */
RULE(two_channels);
RULE(weak_twin);
RULE(owe_elsewhere);

/* flood.c: too much of something */
RULE(eapol_flood);
RULE(probe_flood);
RULE(name_guess);
RULE(nav_flood);
RULE(poll_flood);
RULE(many_names);
RULE(drone_flood);
RULE(sae_flood);
RULE(auth_flood);
RULE(assoc_flood);
RULE(answer_flood);
RULE(beacon_flood);
RULE(karma);

/* station.c: what stations do */
RULE(bad_reason);
RULE(no_client_mfp);
RULE(overpowered);
RULE(fingerprint);
RULE(other_fingerprint);
RULE(karma_oui);
RULE(broadcom_beacon);
RULE(traffic_after_disconnect);

/* element.c: elements that no honest station sends */
RULE(long_ssid);
RULE(long_ds);
RULE(long_ext_cap);
RULE(rates_exploit);
RULE(rsn_loop);
RULE(wmm_overflow);
RULE(wmm_tspec);
RULE(p2p_absence);
RULE(netgear_beacon);
RULE(bad_neighbor_channel);
RULE(torn_management);
RULE(fuzzer);

/* key.c: handshakes */
RULE(nonce_degrade);
RULE(nonce_reuse);
RULE(long_eapol);
RULE(vdoo_27301);
RULE(vdoo_27302);
RULE(pmkid_harvest);
RULE(pmkid_offered);
RULE(bare_identity);

/* login.c: WPS, EAP and SAE, and how stations join */
RULE(wps_brute);
RULE(wps_locked);
RULE(weak_eap_method);
RULE(forged_eap_result);
RULE(weak_sae_group);
RULE(forged_sae_rejection);
RULE(sae_tokens);
RULE(transition_mode);
RULE(sae_left);
RULE(other_name);
RULE(two_access_points);
RULE(first_nonces);
RULE(zero_nonce);

/* certificate.c: servers that log users in */
RULE(certificate_shown);
RULE(certificate_changed);

/* jam.c: channels */
RULE(air_beacon);
RULE(jammed);

/* multi_link.c: devices of several links */
RULE(links_alternate);

/* drone.c: drones */
RULE(drone_impossible);

/* link.c: links that are protected */
RULE(replayed);
RULE(wep_replayed);
RULE(wep_changed);
RULE(wep_fragments);
RULE(clear_data);
RULE(mixed_fragments);
RULE(flipped_aggregate);
RULE(zero_key);
RULE(key_reinstalled);

/* bluetooth.c */
RULE(bleedingtooth);
RULE(flipper_zero);
RULE(flipper_service);
RULE(pairing_flood);
