/* Requests that do not arrive: a client that has begun one and not ended it in time is told 408 (RFC 9110, 15.5.9) and
 * hung up on. The HTTP library hangs up in silence, and only on clients that send nothing at all. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#define LATE_SEC 25 /* that a request may take to arrive, head and body */

struct late;
struct late_connection {
	struct late_connection *prev, *next;
	int fd;
	uint64_t bytes;     /* that had come when its last request ended */
	uint64_t since_sec; /* monotonic: when the next one began to come; 0: not yet */
	bool answering, told;
	bool refused; /* its address has too many: each request is answered 429 */
};

struct late *late_create(void);
void late_destroy(struct late *l);
/* A connection of TCP in clear begins, or any ends. Any thread. */
struct late_connection *late_begin(struct late *l, int fd);
void late_end(struct late *l, struct late_connection *c);
/* Its request is whole; false when the client was told 408. Any thread; c may be NULL. */
bool late_answer(struct late *l, struct late_connection *c);
/* Its request is answered, and another may come. */
void late_done(struct late *l, struct late_connection *c);
/* Looks whose request is late; how many were told. About once a second, one thread. */
uint32_t late_tick(struct late *l);
