/* The receivers behind one GPS: a gpsd has several, and each has its own fix, its own time and its own faults. The
 * position is that of one of them: of one that has a fix, as long as it has. The caller's lock. */
#pragma once
#include "field/field.h"
#include "locate/gpsd.h"
#include "locate/receiver.h"

#define GPS_DEVICES_MAX 8 /* of one GPS; of more, those with a fix are kept */

struct gps_device {
	char name[GPSD_DEVICE_SIZE]; /* as gpsd calls it: "/dev/ttyACM0"; "" of a line of NMEA */
	struct position position;    /* the latest that is believed; fix 0: none */
	uint64_t signal_sec;         /* server second in which it came */
	char doubt[GPS_DOUBT_SIZE];  /* why its latest position is doubted, "" when it is not */
	struct position doubted;     /* the latest position, if it is doubted */
	/* As of the moment of a copy: */
	const char *state;
	/* Not shown: */
	struct gps_judge judge;
	enum gps_doubt judged;   /* its latest position */
	enum gps_doubt reported; /* the doubt that was reported last, */
	uint64_t reported_us;    /* and when, monotonic */
};
extern struct field_table gps_device_table;

struct gps_devices {
	struct gps_device all[GPS_DEVICES_MAX];
	uint32_t n, used; /* used: the one whose position is taken */
};

/* Takes what a receiver says; the device it is about, NULL when its position neither came nor went, or when it is about
 * all. */
struct gps_device *gps_devices_take(struct gps_devices *d, const struct receiver_message *message, uint64_t now_sec);
/* Chooses the one to use: false when that is another than before. */
bool gps_devices_choose(struct gps_devices *d, uint64_t now_sec, uint32_t fresh_sec);
/* The one in use, NULL when there is none at all. */
struct gps_device *gps_devices_used(struct gps_devices *d);
/* Whether there is a doubt to be reported: when it is new, and again after a minute. */
bool gps_device_reports(struct gps_device *d);
/* Whether what came at server second signal_sec still holds; fresh_sec 0: for ever. */
bool gps_is_fresh(uint64_t signal_sec, uint64_t now_sec, uint32_t fresh_sec);
/* "doubted", "stale", "3D", "2D" or "no fix". */
const char *gps_position_state(const struct position *p, const char *doubt, bool fresh);
