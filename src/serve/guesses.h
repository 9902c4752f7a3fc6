/* How fast passwords may be guessed: so many a second of one client, and so many of all together, whatever number of
 * connections they come over. A right login gives its guess back, so it costs nothing, and its client has a share of
 * its own from then on, which strangers cannot use up, nor those behind the same address whose program calls itself
 * otherwise. Any thread. */
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
/* Takes one guess of the client, an address as text (of IPv6 its network counts), whose program calls itself `agent`;
 * false when there is none now. Time is monotonic microseconds. */
bool guesses_take(struct guesses *g, const char *client, const char *agent, uint64_t now_us);
/* What was taken proved right. */
void guesses_right(struct guesses *g, const char *client, const char *agent, uint64_t now_us);
