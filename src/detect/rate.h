/* How often an alert may be raised: "10/min" over all, "1/sec" in a burst. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum rate_unit { RATE_SEC, RATE_MIN, RATE_HOUR, RATE_DAY };

struct rate {
	uint64_t count; /* 0: never */
	uint64_t unit;  /* enum rate_unit */
};

/* "5/min"; without a unit a minute. ERR_MALFORMED otherwise. */
int rate_parse(const char *text, struct rate *ret_rate);

/* What was sent, by the clock of the caller. Captures of several days may be read at once: each has its
 * own count, as if it were alone. */
#define THROTTLE_ERAS 4
#define THROTTLE_ERA_SEC 3600 /* a step back of more than that leads to another */
struct throttle_era {
	uint64_t total_sent, burst_sent;
	double last; /* 0: never */
};
struct throttle {
	struct rate limit, burst;
	uint64_t total_sent, burst_sent;
	double last;                                   /* 0: never */
	struct throttle_era others[THROTTLE_ERAS - 1]; /* the latest first */
};
/* True if one more may be sent at `now`, and counts it. A step back of more than an hour begins anew, unless it
 * leads to a time that was counted before. */
bool throttle_take(struct throttle *t, double now);
/* Counts one that was sent at `now`, whatever the rates. */
void throttle_count(struct throttle *t, double now);
/* True if so long has passed since one was sent that nothing is counted any more, or `now` is of another time. */
bool throttle_is_over(const struct throttle *t, double now);
