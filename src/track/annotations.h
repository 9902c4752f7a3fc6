/* Annotations: names and tags that users gave devices, by key. They outlive the device and the run. Any thread. */
#pragma once
#include <stdbool.h>

#include "track/device.h"

#define ANNOTATIONS_MAX 65536 /* devices that have a name or tags */

struct annotation {
	struct key key;
	char *name; /* or NULL */
	LIST(struct tag) tags;
};

struct annotations;
struct annotations *annotations_create(void);
void annotations_destroy(struct annotations *n);
/* name NULL or "" removes it. ERR_LIMIT when there are too many devices, or the text is long. */
int annotations_set_name(struct annotations *n, const struct key *key, const char *name);
/* value "" removes the tag. ERR_LIMIT also for too many tags of a device. */
int annotations_set_tag(struct annotations *n, const struct key *key, const char *tag, const char *value);
/* Gives a new device its name and tags. */
void annotations_apply(struct annotations *n, struct device *d);
/* Calls back for each annotation, under the table's lock. */
void annotations_each(struct annotations *n, void (*visit)(void *ctx, const struct annotation *annotation), void *ctx);
