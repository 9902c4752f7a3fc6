/* Spans of time in requests. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct api;
struct request;
struct reply;

/* The second that the argument of that name says: a time of expressions (query/times.h), "-2h" before now, a second
 * since 1970; `otherwise` when there is none. Replies 400 and returns false for anything else. */
bool api_time(struct request *rq, struct reply *rp, const char *name, uint32_t otherwise, uint32_t *ret_sec);
/* `from` and `to`; without, the last `normal_sec` up to now. Replies 400 where the span ends before it begins. */
bool api_span(struct request *rq, struct reply *rp, uint32_t normal_sec, uint32_t *ret_from, uint32_t *ret_to);
