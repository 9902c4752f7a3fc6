/* The datagram by which a server announces its address, and for which sensors wait. Pure. */
#pragma once
#include <stdint.h>

#include "base/span.h"
#include "base/uuid.h"

#define ANNOUNCEMENT_SIZE 102
#define ANNOUNCEMENT_PORT 2501 /* where sensors listen */

struct announcement {
	uint32_t http_port, sensor_port;
	uint64_t time_us;
	struct uuid uuid;
	char name[32]; /* ends with a NUL */
};
/* Big endian, packed. */
void announcement_write(const struct announcement *a, uint8_t ret[ANNOUNCEMENT_SIZE]);
/* ERR_TRUNCATED, or ERR_MALFORMED for what is no announcement; a shorter name is as good. */
int announcement_read(struct span datagram, struct announcement *ret);
