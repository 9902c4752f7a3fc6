/* Private to the detector. */
#pragma once
#include <pthread.h>

#include "detect/detector.h"
#include "detect/rules.h"
#include "track/bounds.h"
#include "track/phy.h"

/* Management subtypes, then these. */
enum { KIND_KEY = 16, KIND_DATA, KIND_OPAQUE /* data that cannot be read */, FRAME_KINDS };
#define OBSERVATIONS 8 /* of a phy */
#define COLUMNS 10     /* 1 + kinds of observation that rules look at */
#define RULES_OF_KIND 48

/* What a device is watched for. */
struct watched_mac {
	struct mac_mask mac;
	uint8_t bits; /* enum watched */
};

/* A device that is watched, because its address is, or matches a mask. */
struct watched_device {
	struct key key;
	uint8_t bits;      /* of all that it matches */
	bool here;         /* seen lately: its loss would raise an alert */
	uint32_t last_sec; /* server second in which it was seen last */
};

/* A rule that is on, as frames need it. */
struct active_rule {
	rule_fn fn;
	const struct rule_numbers *numbers;
	uint8_t rule;
	bool duplicates;
};

/* A state that an alert reported; another one of the same slot replaces it. */
#define STATES_MAX 1024
#define STATE_AGAIN_SEC 3600
struct raised_state {
	uint32_t slot;
	double time; /* packet time; 0: none */
};

struct detector {
	pthread_mutex_t states_lock;
	struct raised_state states[STATES_MAX];
	struct alerts *alerts;
	struct tracker *tracker;
	uint32_t found_timeout_sec, lost_timeout_sec;
	struct rule_settings settings;
	struct rule_numbers *numbers;           /* by rule */
	int *definition;                        /* by rule */
	uint8_t column[PHYS_MAX][OBSERVATIONS]; /* of a phy's kind of observation; 0: no rule looks at it */
	uint8_t n_columns;
	/* Rules that are on, by enum rule_when, column and kind of frame. */
	struct active_rule on[WHENS][COLUMNS][FRAME_KINDS][RULES_OF_KIND];
	uint8_t n_on[WHENS][COLUMNS][FRAME_KINDS];
	uint8_t whens[COLUMNS][FRAME_KINDS];                  /* 1 << enum rule_when of those that have any */
	bool links;                                           /* a rule asks what frames are for their links */
	struct source_rule_state *sources[TRACK_SOURCES_MAX]; /* each its own thread's */
	pthread_mutex_t names_lock;
	struct names *names;        /* NULL when no rule asks */
	pthread_mutex_t watch_lock; /* of what is watched */
	struct watched_mac *watched;
	uint32_t n_watched;
	struct watched_device *devices; /* the ticking thread's */
	uint32_t n_devices, looked_sec; /* when devices were last looked for */
};
