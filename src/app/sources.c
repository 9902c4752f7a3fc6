/* Sources: what listens, announces itself and captures. */
#include "app/sources.h"

#include <stdio.h>

#include "app/detection.h"
#include "app/pipeline.h"
#include "app/supervisor.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/stop.h"
#include "capture/add.h"
#include "capture/announce.h"
#include "capture/lifecycle.h"
#include "capture/listener.h"
#include "capture/registry.h"
#include "serve/server.h"

#define STOP_MARGIN_US UINT64_C(1500000) /* what is planned for a stop ends so much before norn_stop_seconds */

int sources_create(struct app *a)
{
	a->api.sources = capture_create(&a->conf.capture, pipeline_sink(a));
	return 0;
}

void sources_destroy(struct app *a)
{
	capture_destroy(a->api.sources);
}

static void start_announcing(struct app *a)
{
	const struct capture_conf *c = &a->conf.capture;
	struct announcement what = {.http_port = serve_port(a->serve),
				    .sensor_port = capture_port(a->api.sources),
				    .uuid = a->api.server_uuid};
	int r;

	if (!c->announce)
		return;
	(void) snprintf(what.name, sizeof(what.name), "%s", or_empty(a->conf.api.server_name));
	r = announce_start(a->api.sources, or_empty(c->announce_address), (uint16_t) c->announce_port, &what);
	if (r < 0)
		log_write(LOG_LEVEL_ERROR, "server_announce_address=%s: %s", or_empty(c->announce_address),
			  err_text(r));
}

static void start_sources(struct app *a)
{
	char error[SOURCE_TEXT_SIZE];

	if (capture_listen(a->api.sources, error) < 0)
		log_write(LOG_LEVEL_ERROR, "%s", error);
	start_announcing(a);
	for (size_t i = 0; i < a->conf.capture.sources.n; i++) {
		char reason[SOURCE_TEXT_SIZE];

		if (capture_add(a->api.sources, a->conf.capture.sources.items[i], true, reason) < 0)
			log_write(LOG_LEVEL_ERROR, "%s", reason);
	}
}

void sources_stop(struct app *a)
{
	if (a->api.sources)
		capture_stop(a->api.sources);
}

/* Logs and sources; a start that fails leaves no log behind. */
int sources_open(struct app *a)
{
	supervisor_serving();
	supervisor_ready();
	detection_raise_at_start(a);
	start_sources(a);
	return 0;
}

/* Sources that live are let go of before readers are, which wait for them. */
void sources_dismiss(struct app *a)
{
	stop_by(clock_monotonic_us() + a->conf.server.stop_sec * UINT64_C(1000000) - STOP_MARGIN_US);
	supervisor_stopping();
	if (a->api.sources)
		capture_dismiss(a->api.sources);
}
