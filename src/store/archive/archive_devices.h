/* The devices that were seen in a span of time, each once, with their records as logs last had them. */
#pragma once
#include "store/archive/archive_sightings.h"
#include "track/devices.h"

struct archive_devices;
/* Adds up the sightings of the span, of logs and of the tracker, whose devices `model` has; ends early when the budget
 * is over (base/budget.h). One thread, as all here. */
struct archive_devices *archive_devices_find(struct catalogue *c, struct tracker *t, const struct devices *model,
					     uint32_t from_sec, uint32_t to_sec);
void archive_devices_free(struct archive_devices *a);
/* How many; how far it came. */
size_t archive_devices_count(const struct archive_devices *a);
const struct archive_progress *archive_devices_progress(const struct archive_devices *a);
/* The numbers of all, those of one log together, so that they are loaded quickly in that order. */
const uint32_t *archive_devices_order(const struct archive_devices *a);
/* The record of number i, as the latest log of the span last had it, or the model's where no log has it; its counts are
 * the span's, and what sightings do not count is 0. NULL when there is none. It lives until the next one is loaded. */
struct device *archive_devices_load(struct archive_devices *a, size_t i);
