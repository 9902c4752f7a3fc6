/* Devices come back from a log: into the model (warm restart), or to be looked at. */
#pragma once
#include <stddef.h>
#include <stdint.h>

struct device;
struct tracker;

/* Warm restart: takes a device from its record of n octets in a log (field/load.h), before the first source
 * opens; newest first, for a full model takes no more. Its rule state begins anew, and no model event is raised. 0;
 * ERR_EXISTS when the device is there, ERR_LIMIT when the model is full, ERR_MALFORMED for what is no device's record,
 * or of a phy that norn does not have. One thread. */
int tracker_restore(struct tracker *t, const char *record, size_t n, uint32_t server_sec);
/* The same record into *ret, which begins as zeros, is not in the model, and is the caller's to device_free(), whatever
 * the result is. 0 or ERR_MALFORMED. Any thread. */
int tracker_read_record(struct tracker *t, const char *record, size_t n, uint32_t server_sec, struct device *ret);
/* The newest second of histories of the run that is resumed. */
void tracker_restore_now(struct tracker *t, uint32_t sec);
/* How much of the records did not fit: values left out, in all. */
uint64_t tracker_restore_refused(const struct tracker *t);
