/* The packet's way: from a source through the model to its listeners, on the source's thread. */
#pragma once
#include "app/state.h"

/* The packet's way: what sources call, on their threads. */
struct packet_sink pipeline_sink(struct app *a);
/* What is new in the model becomes events; ctx is the app. */
void pipeline_event(void *ctx, const struct model_event *item);
