/* The system: what it publishes every second. */
#pragma once

struct api;
struct serve;
/* Publishes the events, if anybody listens. About once a second, one thread. */
void api_publish_system(struct api *api, struct serve *serve);
