/* What users said of devices, by key: names and tags outlive the device and the run. Any thread. */
#pragma once
#include <stdbool.h>

#include "track/device.h"

#define NOTES_MAX 65536 /* devices that have a name or tags */

struct note {
	struct key key;
	char *name; /* or NULL */
	LIST(struct tag) tags;
};

struct notes;
struct notes *notes_create(void);
void notes_destroy(struct notes *n);
/* name NULL or "" removes it. ERR_LIMIT when there are too many devices, or the text is long. */
int notes_set_name(struct notes *n, const struct key *key, const char *name);
/* value "" removes the tag. ERR_LIMIT also for too many tags of a device. */
int notes_set_tag(struct notes *n, const struct key *key, const char *tag, const char *value);
/* Gives a new device its name and tags. */
void notes_apply(struct notes *n, struct device *d);
/* Calls for each note, under the table's lock. */
void notes_each(struct notes *n, void (*visit)(void *ctx, const struct note *note), void *ctx);
