/* The model of devices, with what it asks of other rooms. */
#include "app/tracking.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/home.h"
#include "base/log.h"
#include "base/mem.h"
#include "capture/registry.h"
#include "phy/adsb/adsb.h"
#include "phy/bluetooth/bluetooth.h"
#include "phy/phys.h"
#include "phy/uav/uav.h"
#include "store/state/annotations_file.h"
#include "track/change.h"
#include "track/context.h"
#include "track/tracker.h"
#include "track/sighting_read.h"

static bool source_uuid(void *ctx, uint16_t source, struct uuid *ret_uuid)
{
	struct app *a = ctx;

	return capture_uuid(a->api.sources, source, ret_uuid);
}

static void source_shown(void *ctx, struct source_shown *shown)
{
	struct app *a = ctx;

	capture_names(a->api.sources, &shown->uuid, shown->name, shown->interface, shown->hardware, SOURCE_SHOWN_SIZE);
}

/* Kismet's configuration names a file that only Kismet installs; Debian's lists replace it. */
static void check_vendor_file(struct track_conf *c)
{
	if (!c->oui_file || access(c->oui_file, R_OK) == 0)
		return;
	log_warning("ouifile=%s: %s; Debian's lists of vendors are used instead", c->oui_file, strerror(errno));
	free(TAKE(c->oui_file));
}

int tracking_start(struct app *a)
{
	cleanup_free char *path = home_path(a, "fingerprints.jsonl");
	struct track_conf *c = &a->conf.track;

	check_vendor_file(c);
	c->server_uuid = a->api.server_uuid;
	c->source_uuid = source_uuid;
	c->source_shown = source_shown;
	c->ctx = a;
	c->phys = built_in_phys;
	c->phy_conf[PHY_DOT11] = &a->conf.dot11;
	c->phy_conf[PHY_BTLE] = &a->conf.btle;
	c->phy_conf[PHY_ADSB] = &a->conf.adsb;
	c->phy_conf[PHY_UAV] = &a->conf.uav;
	a->api.tracker = tracker_create(c);
	a->api.devices = tracker_devices(a->api.tracker);
	sightings_events(tracker_sightings(a->api.tracker), a->api.events);
	a->annotations_path = home_path(a, "devices.jsonl");
	(void) annotations_load(tracker_annotations(a->api.tracker), a->annotations_path);
	a->api.fingerprints = fingerprints_open(path);
	return 0;
}

void tracking_stop(struct app *a)
{
	tracker_destroy(a->api.tracker);
	fingerprints_close(a->api.fingerprints);
}
