/* Sensors that connect by themselves. */
#pragma once
#include <stdbool.h>

struct link;
struct registry;

/* Waits for the sensor at the other end to announce itself, and makes a source of it or gives it back to the one that
 * it was; the link is the room's from now on. keyed: it must send the key of the defaults, if there is one. On the
 * link's loop. */
void capture_accept(struct registry *r, struct link *link, const char *address, bool keyed);
