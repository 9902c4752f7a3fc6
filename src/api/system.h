/* The system events of every second. */
#pragma once
#include "api/metrics.h"
#include "api/api.h"

struct api;
struct serve;
/* Publishes the events, if there is a subscriber. About once a second, one thread. */
void api_publish_system(struct api *api, struct serve *serve);

/* The system status as JSON; any thread. */
void api_write_status(struct api *api, struct buf *out);

/* Resident memory of the process, kB. Any thread. */
uint64_t system_resident_kb(void);
