/* Whether the peer of a connection is still there. */
#pragma once
#include <microhttpd.h>
#include <stdbool.h>

/* Within this time a peer that has closed, or vanished without closing, is noticed: without traffic by keepalives (RFC
 * 9293, 3.8.4), and when something waits to be sent by its not being acknowledged. */
#define PEER_TIMEOUT_SEC 25

/* The connection's descriptor, the library's to close; -1: none. */
int peer_fd(struct MHD_Connection *c);
/* A connection begins: turns on the system's keepalives. Any socket. */
void peer_watch(int fd);
/* True when the peer has closed, or will send no more and may still read (`nc -N`): until something is sent to it that
 * looks the same. Any thread, while the connection lives. */
bool peer_has_closed(int fd);
/* True when the peer has closed for certain: something was sent, and it answered with a reset. */
bool peer_is_deaf(int fd);
