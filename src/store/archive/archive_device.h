/* Devices as logs had them. */
#pragma once
#include "store/archive/catalogue.h"
#include "track/device.h"

struct tracker;

/* What one log says of a device. */
struct archived_device {
	struct device device;
	uint64_t log_last_us; /* the log's last time */
	char path[ARCHIVE_PATH_SIZE];
};
void archived_device_finish(struct archived_device *d);

/* The device as the latest log had it that had begun by that second; the log that this server writes is not asked. 0,
 * with *ret, which archived_device_finish() frees; ERR_NOT_FOUND when none has it. Any thread that may wait. */
int archive_device_at(struct catalogue *c, struct tracker *t, const struct key *key, uint32_t at_sec,
		      struct archived_device *ret);
/* Calls fn with what each log of that span that has the device says of it, the oldest first, as long as it returns
 * true and the budget is not over. Any thread that may wait. */
void archive_device_each(struct catalogue *c, struct tracker *t, const struct key *key, uint64_t from_us,
			 uint64_t to_us, bool (*fn)(void *ctx, const struct archived_device *d), void *ctx);
