/* The offenders that the alerts of one definition name, with what was sent of each: the rates count by offender, so
 * that none hides another. There are at most LIMIT_ALERT_OFFENDERS; while all of them are counted, further addresses
 * share one count, so that addresses made up at random raise no more than a bounded number. Not locked: its owner does
 * that. */
#pragma once
#include "base/mac.h"
#include "detect/rate.h"

struct offender {
	struct mac address;
	struct throttle throttle; /* its rates are set by the owner */
	uint64_t held_back;       /* since the last that was sent */
	double held_at;           /* when the latest of them would have been, by the clock that the rates go by */
	uint64_t number;          /* of the last that was sent (alert.h); 0: none was */
	double sent_at;           /* when that was, server time */
	uint32_t text_len;        /* of its text, without what was held back before it */
};

struct offenders {
	struct offender shared; /* of alerts without an address, and of addresses beyond the limit */
	struct offender *items; /* in no order */
	uint32_t n;
};

/* The offender of that address, who may be new; counts a refusal when there is no room. Valid until the next call.
 * now: seconds, of the clock that the rates go by. */
struct offender *offenders_find(struct offenders *o, const struct mac *address, double now);
void offenders_finish(struct offenders *o);
