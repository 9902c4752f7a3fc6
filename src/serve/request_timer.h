/* Requests that do not arrive: a client that has begun one and not ended it in time gets 408 (RFC 9110, 15.5.9) and its
 * connection is closed. The HTTP library closes silently, and only when a client sends nothing at all. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#define REQUEST_TIMEOUT_SEC 25 /* that a request may take to arrive, head and body */

struct request_timers;
struct request_timer {
	struct request_timer *prev, *next;
	int fd;
	uint64_t bytes;     /* that had come when its last request ended */
	uint64_t since_sec; /* monotonic: when the next one began to come; 0: not yet */
	bool answering, reported;
	bool refused; /* its address has too many: each request is answered 429 */
};

struct request_timers *request_timers_create(void);
void request_timers_destroy(struct request_timers *l);
/* A connection of TCP in clear begins, or any ends. Any thread. */
struct request_timer *request_timer_begin(struct request_timers *l, int fd);
void request_timer_end(struct request_timers *l, struct request_timer *c);
/* Its request is whole; false when the client got 408. Any thread; c may be NULL. */
bool request_timer_answer(struct request_timers *l, struct request_timer *c);
/* Its request is answered, and another may come. */
void request_timer_done(struct request_timers *l, struct request_timer *c);
/* Answers requests that are late with 408; how many. About once a second, one thread. */
uint32_t request_timers_tick(struct request_timers *l);
