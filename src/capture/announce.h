/* The server announces its address to sensors: a datagram every five seconds, which sensors that were
 * started with
 * --autodetect wait for. */
#pragma once
#include <stdint.h>

#include "proto/announcement.h"

struct registry;
struct announcer;
/* Begins to announce, to that address and port. 0 or -errno. It ends with the registry. */
int announce_start(struct registry *r, const char *address, uint16_t port, const struct announcement *what);
/* After the loops have ended. NULL is fine. */
void announce_stop(struct announcer *a);
