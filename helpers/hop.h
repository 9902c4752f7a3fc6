/* Channel hopping: one thread tunes for all callers. */
#pragma once
#include "state.h"

/* The server asks for a channel or hopping. The first thread. */
void hop_configure(struct helper *h, const struct proto_message *m);
void hop_stop(struct helper *h);
