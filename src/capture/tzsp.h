/* TZSP, in which access points and routers send what they receive as UDP datagrams (port 37008): a header,
 * tags, and a frame. */
#pragma once
#include <stdbool.h>

#include "capture/source.h"

#define TZSP_PORT 37008

struct definition;

/* Fills data, linktype, length and radio from one datagram. 1 for a frame, 0 for a datagram without
 * one (a keep-alive), ERR_MALFORMED or ERR_TRUNCATED, ERR_UNSUPPORTED for a frame of no known kind.
 * Pure. */
int tzsp_read(struct span datagram, struct packet *ret_packet);

/* The source: `tzsp:listen=127.0.0.1,port=37008,sender=192.0.2.7`, on a thread of its own. */
int tzsp_check(const struct definition *d, char error[SOURCE_TEXT_SIZE]);
void *tzsp_source_run(void *source);
