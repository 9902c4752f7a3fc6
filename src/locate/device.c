#include "locate/device.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "field/position.h"

#define REPORT_US UINT64_C(60000000) /* between two words on one doubt */

bool gps_is_fresh(uint64_t signal_sec, uint64_t now_sec, uint32_t fresh_sec)
{
	/* What came in the server's future came before its clock was set back. */
	return !fresh_sec || (signal_sec <= now_sec + fresh_sec && signal_sec + fresh_sec >= now_sec);
}

const char *gps_position_state(const struct position *p, const char *doubt, bool fresh)
{
	if (*doubt)
		return "doubted";
	if (p->fix < POSITION_FIX_2D)
		return "no fix";
	return !fresh ? "stale" : p->fix == POSITION_FIX_3D ? "3D" : "2D";
}

/* A slot for one more: one that has a fix takes that of one without when there is none left. NULL: none. */
static struct gps_device *vacant(struct gps_devices *d, bool has_position)
{
	if (d->n < GPS_DEVICES_MAX)
		return &d->all[d->n++];
	for (uint32_t i = 0; has_position && i < d->n; i++)
		if (i != d->used && d->all[i].position.fix < POSITION_FIX_2D)
			return &d->all[i];
	return NULL;
}

static struct gps_device *find(struct gps_devices *d, const char *name, bool has_position)
{
	struct gps_device *device;

	for (uint32_t i = 0; i < d->n; i++)
		if (strcmp(d->all[i].name, name) == 0)
			return &d->all[i];
	device = vacant(d, has_position);
	if (device) {
		*device = (struct gps_device){0};
		(void) snprintf(device->name, sizeof(device->name), "%s", name);
	}
	return device;
}

/* The next position is the first of a new start. */
static void lose(struct gps_device *d)
{
	d->position.fix = POSITION_FIX_NONE;
	*d->doubt = '\0';
	d->judge = (struct gps_judge){0};
}

static void take_fix(struct gps_device *d, const struct gps_fix *fix, uint64_t now_sec)
{
	d->judged = gps_judge(&d->judge, fix, clock_monotonic_us(), d->doubt);
	if (d->judged == GPS_BELIEVED) {
		d->position = fix->position;
		d->position.time_us = clock_server_us();
		d->signal_sec = now_sec;
		return;
	}
	d->doubted = fix->position;
	d->doubted.time_us = clock_server_us();
	if (d->judged == GPS_DOUBT_DATE) /* what it reported before its date is no better */
		d->position.fix = POSITION_FIX_NONE;
}

struct gps_device *gps_devices_take(struct gps_devices *d, const struct receiver_message *message, uint64_t now_sec)
{
	struct gps_device *device;

	if (message->lost && !message->device) {
		for (uint32_t i = 0; i < d->n; i++)
			lose(&d->all[i]);
		return NULL;
	}
	device = message->lost || message->has_position ? find(d, message->device, message->has_position) : NULL;
	if (device && message->lost)
		lose(device);
	else if (device)
		take_fix(device, &message->fix, now_sec);
	return device;
}

static uint8_t fix_of(const struct gps_device *d, uint64_t now_sec, uint32_t fresh_sec)
{
	return gps_is_fresh(d->signal_sec, now_sec, fresh_sec) ? d->position.fix : POSITION_FIX_NONE;
}

bool gps_devices_choose(struct gps_devices *d, uint64_t now_sec, uint32_t fresh_sec)
{
	uint32_t best = d->used;

	for (uint32_t i = 0; i < d->n; i++)
		if (fix_of(&d->all[i], now_sec, fresh_sec) >= POSITION_FIX_2D &&
		    fix_of(&d->all[i], now_sec, fresh_sec) > fix_of(&d->all[best], now_sec, fresh_sec))
			best = i;
	if (best == d->used)
		return true;
	d->used = best;
	return false;
}

struct gps_device *gps_devices_used(struct gps_devices *d)
{
	return d->n ? &d->all[d->used] : NULL;
}

bool gps_device_reports(struct gps_device *d)
{
	uint64_t now_us = clock_monotonic_us();

	if (!*d->doubt || (d->judged == d->reported && now_us - d->reported_us < REPORT_US))
		return false;
	d->reported = d->judged;
	d->reported_us = now_us;
	return true;
}

static struct field_text state(const void *obj, struct field_ctx *ctx)
{
	const char *text = ((const struct gps_device *) obj)->state;

	(void) ctx;
	return (struct field_text){text, text ? strlen(text) : 0};
}

static bool is_doubted(const void *obj)
{
	return *((const struct gps_device *) obj)->doubt;
}

#define D struct gps_device
static const struct field rows[] = {
	FIELD(D, "norn.gps.receiver.device", name, "Name that gpsd has for it."),
	FIELD_CALL_TEXT("norn.gps.receiver.state", state, "no fix, 2D, 3D, stale, or doubted."),
	FIELD(D, "norn.gps.receiver.signal_time", signal_sec, "Server second of its latest position."),
	FIELD_IN(D, "norn.gps.receiver.location", position, &position_table, "Latest position that is not doubted."),
	FIELD(D, "norn.gps.receiver.doubt", doubt, "Why its latest position is doubted; empty when it is not."),
	FIELD_IN(D, "norn.gps.receiver.doubted_location", doubted, &position_table,
		 "The latest position, if it is doubted.", .present = is_doubted),
};
struct field_table gps_device_table = FIELD_TABLE(D, "gps receiver", rows);
