/* Too much of something, by packet time. */
#include "detect/rule_functions.h"

#define SECOND_US UINT64_C(1000000)
#define DISCONNECTS 10 /* more than so many, each within a second of the last */
#define WPS_MESSAGES 5 /* more M3 than so many, each within five minutes of the last */
#define WPS_GAP_US (300 * SECOND_US)

/* True when the burst is over its bound; the next alert counts anew. */
static bool over(struct burst *b, uint32_t most, struct effect *e)
{
	tell_burst(e, b);
	if (b->frames <= most)
		return false;
	b->frames = 0;
	return true;
}

RULE(bcast_disconnect)
{
	e->a = l->f->reason;
	return !l->s->is_new && mac_u64(&l->f->destination) == UINT64_C(0xffffffffffff);
}

RULE(disconnect_flood)
{
	struct watch *w = watch_of(l->s->device);

	if (!w)
		return false;
	(void) burst_gapless(&w->disconnects, look_us(l), SECOND_US);
	return over(&w->disconnects, DISCONNECTS, e);
}

RULE(wps_brute)
{
	struct watch *w;

	if (l->f->wps.message != 7 || !(w = watch_of(l->s->device))) /* M3 (WSC 2.0.8 table 34) */
		return false;
	(void) burst_gapless(&w->m3s, look_us(l), WPS_GAP_US);
	return over(&w->m3s, WPS_MESSAGES, e);
}
