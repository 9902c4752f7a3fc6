/* Offenders by address, a few at a time: one whose time is over makes way. */
#include "detect/offender.h"

#include "base/limit.h"
#include "base/mem.h"

struct offender *offenders_find(struct offenders *o, const struct mac *address, double now)
{
	struct offender *over = NULL;

	if (mac_is_zero(address))
		return &o->shared;
	for (uint32_t i = 0; i < o->n; i++) {
		if (mac_equal(&o->items[i].address, address))
			return &o->items[i];
		if (throttle_is_over(&o->items[i].throttle, now) && !o->items[i].held_back &&
		    (!over || o->items[i].throttle.last < over->throttle.last))
			over = &o->items[i];
	}
	if (o->n < limit_of(LIMIT_ALERT_OFFENDERS)) {
		xgrow(o->items, o->n + 1);
		over = &o->items[o->n++];
	} else if (!over) {
		limit_hit(LIMIT_ALERT_OFFENDERS);
		return &o->shared;
	}
	*over = (struct offender){.address = *address};
	return over;
}

void offenders_finish(struct offenders *o)
{
	free(o->items);
}
