/* Two radios in one name: frames that are not as their transmitter's are (detect/habit.h). One is chance, some are not.
 */
#include "detect/rules/functions.h"

#define ETHERTYPE_EAPOL 0x888e

/* Counts one more of the sender's frames of that kind that are forged. */
static bool several(const struct rule_ctx *l, uint8_t what /* enum sender_frames */, struct effect *e)
{
	struct sender_window *w = l->source && l->source->match.forged
					  ? source_sender(l->source, &l->f->transmitter, what, look_us(l))
					  : NULL;

	if (!w || !rate_window_rule(&w->fast, l, false, within_us(l)) ||
	    !window_is_over(l, &w->fast, l->numbers->most, e))
		return false;
	e->b = forgery_of(l);
	return true;
}

RULE(forged_beacon)
{
	struct rule_state *w;

	if (!l->source || !l->source->match.forged || !(w = rule_state_of(l->s->device)))
		return false;
	if (w->twin_us && is_near(look_us(l), w->twin_us, EXPLAINED_US))
		return false;
	w->explained_us = look_us(l);
	return several(l, SENDER_BEACONS, e);
}

RULE(forged_action)
{
	return !l->f->protected_ && several(l, SENDER_ACTIONS, e);
}

/* IEEE 802.11-2020 11.2.3: who says that he sleeps gets nothing. */
RULE(forged_power_save)
{
	return (l->f->type == FRAME_CONTROL || (l->f->subtype & DATA_NULL_BIT)) && several(l, SENDER_POWER_SAVE, e);
}

RULE(forged_key)
{
	return l->f->ethertype == ETHERTYPE_EAPOL && several(l, SENDER_KEYS, e);
}
