#include <stdlib.h>

#include "api/tick.h"
#include "api/api.h"
#include "api/gps.h"
#include "api/packetchain.h"
#include "api/system.h"
#include "base/mem.h"
#include "capture/registry.h"

/* A source as it was a second ago. */
struct known_source {
	bool known, open, paused;
	uint32_t errors;
	uint64_t packets;
};

static bool is_open(const struct source_record *r)
{
	return r->state == SOURCE_RUNNING;
}

static void compare(struct events *events, struct known_source *k, const struct source_record *r)
{
	bool open = is_open(r), was_open = k->open;

	if (!k->known)
		events_publish_source(events, EVENT_NEW_DATASOURCE, &r->uuid);
	if (!was_open && (open || r->packets > k->packets))
		events_publish_source(events, EVENT_DATASOURCE_OPENED, &r->uuid);
	if (r->total_retry_attempts > k->errors)
		events_publish_source(events, EVENT_DATASOURCE_ERROR, &r->uuid);
	if (!open && (was_open || r->packets > k->packets))
		events_publish_source(events, EVENT_DATASOURCE_CLOSED, &r->uuid);
	if (r->paused != k->paused)
		events_publish_source(events, r->paused ? EVENT_DATASOURCE_PAUSED : EVENT_DATASOURCE_RESUMED, &r->uuid);
	*k = (struct known_source){true, open, r->paused, r->total_retry_attempts, r->packets};
}

static void publish_sources(struct api *api)
{
	static struct known_source known[SOURCES_MAX];
	struct source_record *r = xnew(struct source_record, 1);

	for (uint32_t i = 0; i < SOURCES_MAX && capture_snapshot(api->sources, i, r); i++)
		compare(api->events, &known[i], r);
	free(r);
}

void api_tick(struct api *api, struct serve *serve)
{
	api_publish_system(api, serve);
	api_publish_position(api);
	api_publish_packetchain(api);
	publish_sources(api);
}
