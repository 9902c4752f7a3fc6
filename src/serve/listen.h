/* Private to serve: the sockets on which the server listens. */
#pragma once
#include <stdint.h>

struct serve;

/* Opens them all; 0, or negative with a logged reason. */
int listen_start(struct serve *s);
/* The port of the first; 0: none is open. */
uint16_t listen_port(const struct serve *s);
