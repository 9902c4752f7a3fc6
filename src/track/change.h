/* What users and rules change of a device in the model. Any thread. */
#pragma once
#include "base/key.h"

struct annotations;
struct tracker;

/* Changes a device, and its annotation, which outlives it; ERR_NOT_FOUND when there is none, ERR_LIMIT
 * when there is no room. name NULL or "" removes it. */
int tracker_set_name(struct tracker *t, const struct key *key, const char *name, uint32_t server_sec);
int tracker_set_tag(struct tracker *t, const struct key *key, const char *tag, const char *value, uint32_t server_sec);
/* The annotations, which the store keeps: filled before the first source opens. */
struct annotations *tracker_annotations(struct tracker *t);
/* Counts an alert on the device, which a packet of that source caused (UINT16_MAX: none did); server_sec 0: without it
 * counting as a change. 0 or ERR_NOT_FOUND. */
int tracker_count_alert(struct tracker *t, const struct key *key, uint16_t source, uint32_t server_sec);
