/* How fast passwords may be guessed: a rate for each client and a rate for all together, whatever number of connections
 * they use. A right login gets its guess back, so it costs nothing, and its client has a share of its own from then on,
 * which other clients cannot use up, nor programs behind the same address with another User-Agent. Any thread. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

/* Guesses a second, after a burst of so many. */
#define GUESSES_CLIENT_RATE 4
#define GUESSES_CLIENT_BURST 10
#define GUESSES_ALL_RATE 10
#define GUESSES_ALL_BURST 20
#define GUESSES_KNOWN_RATE 5
#define GUESSES_KNOWN_BURST 10

struct guesses;
struct guesses *guesses_create(void);
void guesses_destroy(struct guesses *g);
/* Takes one guess of the client, an address as text (of IPv6 its network counts) with the User-Agent `agent`; false
 * when none is left now. Time is monotonic microseconds. */
bool guesses_take(struct guesses *g, const char *client, const char *agent, uint64_t now_us);
/* The guess that was taken proved right. */
void guesses_right(struct guesses *g, const char *client, const char *agent, uint64_t now_us);
