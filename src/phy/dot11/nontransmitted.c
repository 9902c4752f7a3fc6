/* Networks that do not transmit themselves: a beacon or answer speaks for them, too (multiple BSSID, IEEE 802.11-2020
 * 11.1.3.8). Each is a device of its own, on which its clients hang, related to the one that transmits. What it has of
 * its own and what it inherits is one list of elements (wire/dot11/profile.h), so that it is observed like any other
 * network. Rules of names and encryption look at it; the others have seen the frame. */
#include "phy/dot11/nontransmitted.h"

#include "phy/dot11/apply.h"
#include "phy/dot11/channel.h"
#include "phy/dot11/space.h"
#include "track/packet_ctx.h"
#include "wire/dot11/profile.h"
#include "wire/dot11/summary.h"

#define PROFILES_MAX 32 /* of one frame: more do not fit beside what a beacon has to have */

/* The pair of an OWE network and its open one (Opportunistic Wireless Encryption specification 2.2.2). */
static void relate_owe(const struct packet_ctx *p)
{
	struct owe_transition owe;
	struct span data;

	if (frame_find(frame_of(p), ELEMENT_OWE_TRANSITION, &data) && owe_transition_read(data, &owe) &&
	    !mac_is_zero(&owe.bssid) && !mac_is_group(&owe.bssid) && !mac_equal(&owe.bssid, &frame_of(p)->bssid))
		devices_relate(p, &frame_of(p)->bssid, &owe.bssid, "norn_owe_transition");
}

static void flush_names(const struct packet_ctx *p)
{
	struct ssid_observations *l = &space_of(p)->ssids;

	for (uint32_t i = 0; i < l->n; i++)
		ssids_observe(state_of(p)->ssids, &l->items[i]);
	l->n = 0;
}

static void apply_profile(struct packet_ctx *p, const struct frame *transmitted, const struct profile *profile)
{
	struct frame f;

	profile_frame(transmitted, profile, &f);
	p->frame = &f;
	dot11_set_channel(p);
	dot11_apply_bssid(p, &f.bssid);
	relate_owe(p);
	flush_names(p);
	devices_relate(p, &transmitted->bssid, &f.bssid, DOT11_RELATED_BSSID);
}

void dot11_apply_others(struct packet_ctx *p)
{
	const struct frame *f = p->frame;
	struct profiles_at at = {0};
	struct profile profile;

	if (!frame_is_of_network(f))
		return;
	relate_owe(p);
	if (!frame_has(f, ELEMENT_MULTIPLE_BSSID))
		return;
	space_of(p)->of_profile = true;
	for (unsigned i = 0; i < PROFILES_MAX && profile_next_bss(f, &at, &profile); i++)
		if (!mac_equal(&profile.address, &f->bssid) && !mac_is_group(&profile.address))
			apply_profile(p, f, &profile);
	space_of(p)->of_profile = false;
	p->frame = f;
	dot11_set_channel(p);
}
