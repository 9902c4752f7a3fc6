/* Syslog: RFC 5424 messages, a datagram each (RFC 5426, and the socket of the local machine), or with their
 * length before them in a stream (RFC 6587 3.4.1). */
#pragma once
#include "deliver/receiver.h"

/* An alert as a line of RFC 5424, without a frame around it. */
void syslog_format(const struct alert *a, uint32_t facility, const char *host, struct buf *out);
