/* What frames are for the links that they protect (detect/link.h): replays, keys that are installed again, clear data.
 */
#include "detect/rules/functions.h"

/* Counts the frame if it is one of those events; true when there are more than the row has. The alert names the
 * transmitter, in whose name they are sent. */
static bool too_many_events(const struct rule_ctx *l, uint32_t events, struct rate_window *w, struct effect *e)
{
	if (!(l->look.events & events))
		return false;
	(void) rate_window_count(w, look_us(l), within_us(l));
	report_window(e, w);
	e->b = w->frames;
	e->a = mac_u64(&l->f->transmitter);
	if (w->frames <= l->numbers->most)
		return false;
	*w = (struct rate_window){.first_us = look_us(l), .frames = 1};
	return true;
}

#define LINK_RULE(name, events, window)                                                                                \
	RULE(name)                                                                                                     \
	{                                                                                                              \
		return l->look.link && too_many_events(l, events, &l->look.link->window, e);                           \
	}
LINK_RULE(replayed, LINK_REPLAY, replays)
LINK_RULE(wep_replayed, LINK_WEP_REPLAY, replays)
LINK_RULE(wep_changed, LINK_WEP_CHANGED, changed)
LINK_RULE(wep_fragments, LINK_WEP_FRAGMENT, changed)
LINK_RULE(mixed_fragments, LINK_MIXED, mixed)
LINK_RULE(zero_key, LINK_ZERO_KEY, zeros)
LINK_RULE(flipped_aggregate, LINK_FLIPPED, flipped)

/* Of a frame that was not checked the mark of protection may have fallen over: what follows is no data in clear. */
static bool lost_its_mark(const struct rule_ctx *l)
{
	return !l->packet->fcs_good && !l->f->ethertype && !l->f->fragment && !l->f->more_fragments;
}

/* One frame is enough where the handshake of the link's key was observed and the frame has an EtherType: damage makes
 * none. */
RULE(clear_data)
{
	struct link *k = l->look.link;

	if (!k || !(l->look.events & LINK_CLEAR) || lost_its_mark(l))
		return false;
	if (too_many_events(l, LINK_CLEAR, &k->clear, e))
		return true;
	return k->nonce_sum && l->f->ethertype;
}

/* Numbers that begin anew once may be a new key, whose handshake was missed; after the handshake was repeated they are
 * not. */
RULE(key_reinstalled)
{
	struct rate_window *w = l->look.link ? &l->look.link->backs : NULL;

	if (!w || !(l->look.events & LINK_NUMBERS_BACK))
		return false;
	(void) rate_window_count(w, look_us(l), within_us(l));
	report_window(e, w);
	e->a = mac_u64(&l->f->transmitter);
	e->b = l->look.number;
	return (l->look.events & LINK_REINSTALLED) || w->frames > l->numbers->most;
}
