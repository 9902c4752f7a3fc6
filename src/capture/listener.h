/* The TCP port that remote sensors connect to. */
#pragma once
#include <stdint.h>

struct registry;
struct listener;
/* Listens on the address (a number, IPv4 or IPv6) and port; 0: any free one. 0 or -errno. */
int listener_start(struct registry *r, const char *address, uint16_t port, struct listener **ret_listener);
uint16_t listener_port(const struct listener *l);
/* No sensor comes in any more. NULL is fine. Not on a loop. */
void listener_stop(struct listener *l);
