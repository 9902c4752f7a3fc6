#include "capture/scan.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "capture/drivers.h"
#include "capture/new_source.h"
#include "capture/private.h"
#include "capture/registry.h"
#include "capture/source_state.h"
#include "conf/definition.h"

static const struct {
	const char *driver, *type;
} kinds[] = {[SCAN_WIFI] = {"dot11scan", "DOT11SCAN"}, [SCAN_BLUETOOTH] = {"bluetoothscan", "BLUETOOTHSCAN"}};

bool capture_is_scan(const struct source_driver *driver)
{
	for (size_t i = 0; driver && i < ARRAY_SIZE(kinds); i++)
		if (strcmp(driver->type, kinds[i].driver) == 0)
			return true;
	return false;
}

struct uuid capture_scan_uuid(enum scan_kind kind, const char *name)
{
	char text[SOURCE_TEXT_SIZE];

	(void) snprintf(text, sizeof(text), "%s:%.400s", kinds[kind].driver, name);
	return source_uuid_of(text);
}

/* The control lock is held. */
static struct source *make(struct registry *r, enum scan_kind kind, const struct uuid *uuid, const char *name,
			   char error[SOURCE_TEXT_SIZE])
{
	cleanup_free struct definition *d = xnew(struct definition, 1);
	const struct source_driver *driver = driver_of_type(kinds[kind].driver);
	struct source *s;

	(void) definition_parse(kinds[kind].driver, d);
	s = registry_source(r, d, kinds[kind].driver, driver);
	s->streams = s->unhurried = true;
	s->record.uuid = *uuid;
	s->record.remote = s->record.live = s->record.running = true;
	s->record.retry = false;
	s->record.state = SOURCE_RUNNING;
	(void) snprintf(s->record.name, sizeof(s->record.name), "%.256s", name);
	if (registry_enlist(r, s, NULL, error) < 0) {
		source_free(s);
		return NULL;
	}
	r->sink.open(r->sink.ctx, (uint16_t) s->record.number, true, uuid, "");
	log_info("A client that scans brings the source '%.128s'", s->record.name);
	return s;
}

static struct source *find(struct registry *r, enum scan_kind kind, const struct uuid *uuid, const char *name,
			   char error[SOURCE_TEXT_SIZE])
{
	struct source *s;

	(void) pthread_mutex_lock(&r->lock);
	s = registry_find(r, uuid);
	if (s && capture_is_scan(&s->record.driver))
		(void) snprintf(s->record.name, sizeof(s->record.name), "%.256s", name);
	(void) pthread_mutex_unlock(&r->lock);
	if (!s)
		return make(r, kind, uuid, name, error);
	if (strcmp(s->record.driver.type, kinds[kind].driver) == 0)
		return s;
	(void) snprintf(error, SOURCE_TEXT_SIZE, "Another kind of source has that uuid");
	return NULL;
}

int capture_scan(struct registry *r, enum scan_kind kind, const struct uuid *uuid, const char *name,
		 struct source_report *reports, size_t n, char ret_error[SOURCE_TEXT_SIZE])
{
	uint32_t sec = (uint32_t) (clock_server_us() / 1000000);
	struct source *s;
	bool open;

	(void) pthread_mutex_lock(&r->control); /* one client at a time: the reports' thread */
	s = find(r, kind, uuid, name, ret_error);
	(void) pthread_mutex_lock(&r->lock);
	open = s && s->record.state == SOURCE_RUNNING && !s->paused;
	if (open) {
		s->record.reports += n;
		s->record.packets += n;
	}
	(void) pthread_mutex_unlock(&r->lock);
	for (size_t i = 0; open && i < n; i++) {
		reports[i].source = (uint16_t) s->record.number;
		reports[i].type = span_of(kinds[kind].type, strlen(kinds[kind].type));
		source_count(s, sec, (uint32_t) reports[i].json.left);
		(void) r->sink.report(r->sink.ctx, &reports[i], sec);
	}
	(void) pthread_mutex_unlock(&r->control);
	return s ? 0 : ERR_EXISTS;
}
