/* What the server asks, and its answers. */
#pragma once
#include "state.h"

/* Queues a message before all packets. Any thread. */
void helper_send(struct helper *h, struct proto_message *m);
/* Handles what the server says (serve.c); false when the connection cannot go on. */
bool serve_message(struct helper *h, const struct proto_message *m);
/* The same, and closes. */
void serve_close(struct helper *h);
