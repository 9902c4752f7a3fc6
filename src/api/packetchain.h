/* The packet rate events of every second. */
#pragma once

struct api;
/* Publishes the events, if there is a subscriber. About once a second, one thread. */
void api_publish_packetchain(struct api *api);
