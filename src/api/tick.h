/* Events of every second, and changes of sources since the last one. */
#pragma once
#include "api/api.h"

/* Publishes the events of every second and changes of sources. About once a second, one thread. */
void api_tick(struct api *api, struct serve *serve);
