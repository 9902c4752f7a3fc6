/* The life of sources that are there: opened, closed, tried again, ended. */
#pragma once
#include <stdbool.h>

#include "capture/source.h"

struct registry;

/* Opens a source again that does not run, by its definition. ERR_NOT_FOUND, ERR_EXISTS while it
 * runs, else why it cannot be opened, with a sentence. */
int capture_open(struct registry *r, const struct uuid *uuid, char ret_error[SOURCE_TEXT_SIZE]);
/* Ends a source, which stays in the list and is not tried again; returns when its thread has ended.
 * ERR_NOT_FOUND. */
int capture_close(struct registry *r, const struct uuid *uuid);
/* Tries failed sources again; about once a second, one thread. */
void capture_tick(struct registry *r);
/* Before a stop: takes no more sensors, and asks those that are there to go. What they have sent is read until they
 * close, two seconds at most; the rest they keep for the next server. */
void capture_dismiss(struct registry *r);
/* Closes every source and joins its thread; no packet reaches the sink afterwards. */
void capture_stop(struct registry *r);
void capture_destroy(struct registry *r);
