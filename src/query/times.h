/* Times in expressions: durations ("90s", "1h30m", "7d"), times of today ("03:00"), days and moments ("2026-03-01",
 * "2026-03-01T03:00Z"), seconds since 1970, now, today and yesterday. Without a zone they are the server's. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct query_time {
	bool age;           /* a duration: .from is its seconds */
	double from, until; /* seconds since 1970: the moment, minute or day, and its end */
};

/* False for what is none. now_sec: server time. */
bool query_time_read(const char *text, uint64_t now_sec, struct query_time *ret_time);
/* A duration alone, in seconds. */
bool query_duration_read(const char *text, double *ret_sec);
