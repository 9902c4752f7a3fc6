/* Channels: which a source could set, which it visits, and commands to change that. */
#pragma once
#include <stdint.h>

#include "capture/options.h"
#include "capture/record.h"

struct definition;
struct live;
struct proto_message;
struct registry;

/* How a source changes channels. */
struct source_tuning {
	const char *channel;  /* stay on this one; NULL: change channels, as the rest says */
	const char *channels; /* joined by ','; NULL: as before */
	double rate;          /* channels a second; 0: as before */
	int shuffle;          /* 0, 1; -1: as before */
};
/* Asks a source to tune, and waits for its answer. ERR_NOT_FOUND, or negative with a sentence. Any
 * thread that may wait. */
int capture_tune(struct registry *r, const struct uuid *uuid, const struct source_tuning *tuning,
		 char ret_error[SOURCE_TEXT_SIZE]);

/* For capture itself: the record's lists after an open, the wish that goes to the program, its answer. */
void tune_defaults(struct source_record *rec, const struct definition *d, const struct capture_conf *defaults);
void tune_opened(struct live *l, const struct proto_message *m);
void tune_answered(struct live *l, const struct proto_message *m);
void tune_refused(struct live *l, const char *reason);
