/* Alerts leave the machine: to syslog servers and webhooks, each with a bounded queue and a thread of its
 * own, so that none waits for another, and raising an alert never waits. What a receiver does
 * not take is tried again with growing pauses; what is given up is counted. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "deliver/options.h"
#include "detect/alert.h"

#define RECEIVERS_MAX 16

struct receiver_record {
	char kind[16], target[256]; /* of a URL what is before the path */
	char error[256];            /* of the latest failure; "": the latest was taken */
	uint64_t sent, failed, lost;
	uint32_t waiting;
};
extern struct field_table receiver_table;

struct delivery;
/* Adds to *errors the receivers that cannot be read, each logged. Nothing is sent before
 * delivery_start(). */
struct delivery *delivery_create(const struct delivery_conf *conf, unsigned *errors);
/* From now on takes what is raised; before the first source opens. */
void delivery_start(struct delivery *d, struct alerts *alerts);
/* Offers what waits once more, for at most a few seconds, and ends; nothing may be raised any more. */
void delivery_destroy(struct delivery *d);
/* Any thread. */
uint32_t delivery_copy(struct delivery *d, struct receiver_record ret[RECEIVERS_MAX]);
