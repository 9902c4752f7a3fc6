/* The inside of the detector, for its own files. */
#pragma once
#include <pthread.h>

#include "detect/detector.h"
#include "detect/rules.h"

/* Management subtypes, then these. */
enum { KIND_KEY = 16, KIND_DATA, KIND_OPAQUE /* data that nobody can read */, FRAME_KINDS };
#define SIGHTS 8
#define RULES_OF_KIND 48

struct watched_mac {
	struct mac mac;
	uint8_t bits;
	bool here;         /* heard lately: its going would be told */
	uint32_t last_sec; /* server second in which it was heard last; 0: never */
};

/* A rule that is on, as frames need it. */
struct active_rule {
	rule_fn fn;
	const struct rule_numbers *numbers;
	uint8_t rule;
	bool duplicates;
};

struct detector {
	struct alerts *alerts;
	struct tracker *tracker;
	uint32_t found_timeout_sec, lost_timeout_sec;
	struct rule_settings settings;
	struct rule_numbers *numbers; /* by rule */
	int *definition;              /* by rule */
	/* Rules that are on, by enum rule_when, sight and kind of frame. */
	struct active_rule on[WHENS][SIGHTS][FRAME_KINDS][RULES_OF_KIND];
	uint8_t n_on[WHENS][SIGHTS][FRAME_KINDS];
	struct source_watch *sources[TRACK_SOURCES_MAX]; /* each its own thread's */
	pthread_mutex_t names_lock;
	struct names *names;        /* NULL when no rule asks */
	pthread_mutex_t watch_lock; /* of what is watched */
	struct watched_mac *watched;
	uint32_t n_watched;
};

/* The text of the alert that an effect is (tell.c). */
void detector_tell(const struct detector *d, const struct packet *packet, const char *channel, const struct effect *e,
		   char ret_text[ALERT_TEXT_SIZE]);
/* Adds the addresses of an option; how many are none, each logged (watched.c). */
unsigned watched_add(struct detector *d, const char *const *texts, uint8_t bits);
