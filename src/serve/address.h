/* How many connections each foreign address has. Any thread. */
#pragma once
#include <stdbool.h>
#include <sys/socket.h>

struct addresses;
struct addresses *addresses_create(void);
void addresses_destroy(struct addresses *a);
/* False when the address has reached its limit, multiplied by a factor. */
bool addresses_may(struct addresses *a, const struct sockaddr *address, unsigned times);
void addresses_change(struct addresses *a, const struct sockaddr *address, int by);
bool address_is_loopback(const struct sockaddr *address);
/* The address as text: "192.0.2.1", "::1" or "unix". */
void address_format(const struct sockaddr *address, char *ret_text, size_t size);
