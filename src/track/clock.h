/* Private to track: the model's time. Histories go by the newest second that any source has reached; packet time is
 * believed within bounds. */
#pragma once
#include <stdint.h>

struct packet;
struct tracker;

/* Notes a second that histories have reached. Any thread. */
void raise_now(struct tracker *t, uint32_t sec);
/* Packet time as far as it can be believed: not more than a day ahead of the server's clock. */
uint32_t packet_sec_of(const struct packet *packet, uint32_t server_sec);
/* Brings times that lie in the server's future to `now`. The ticking thread. */
void tracker_turn_back(struct tracker *t, uint32_t now);
