/* Places: what they publish every second. */
#pragma once

struct api;
/* Publishes the events, if anybody listens. About once a second, one thread. */
void api_publish_position(struct api *api);
