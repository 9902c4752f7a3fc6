/* Events that come every second, and what became of sources since the last one. */
#pragma once
#include "api/api.h"

/* Publishes the events that come every second, and what became of sources. About once a second, one
 * thread. */
void api_tick(struct api *api, struct serve *serve);
