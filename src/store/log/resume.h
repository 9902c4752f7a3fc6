/* Warm restart: restores what a kismetdb log holds. Logs of norn hold everything; Kismet's, of db_version 4 and newer,
 * what their JSON holds. The file is untrusted: nothing in it is run, records are bounded (RESUME_RECORD_MAX,
 * RESUME_DEVICES_MAX), and what cannot be read is counted. */
#pragma once
#include "detect/alert.h"
#include "store/state/fingerprints.h"
#include "store/log/logs.h"

#define RESUME_RECORD_MAX (8 * 1024 * 1024) /* octets of a device's or an alert's JSON */
#define RESUME_DEVICES_MAX 4000000          /* of a file */
#define RESUME_FILES_MAX 4096               /* that follow each other */

struct resume_rooms {
	struct tracker *tracker;
	struct alerts *alerts;
	struct fingerprints *fingerprints;
	/* Called now and then with the progress; false ends it. NULL: no calls. */
	bool (*progress)(void *ctx, uint64_t done, uint64_t all);
	void *ctx;
};
struct resume_result {
	char path[LOG_PATH_SIZE];
	uint64_t devices, alerts, fingerprints; /* restored */
	uint64_t unreadable;                    /* records that are malformed */
	uint64_t refused;                       /* values of records that could not be used */
	uint64_t no_room;                       /* devices beyond what the model holds */
	uint32_t files;                         /* that were read: one that was rotated names the one before */
	uint32_t saved_sec;                     /* when the state was written; 0: unknown */
};

/* Before the first source opens and before the logs. 0, or negative with a sentence, when nothing came back; -EINTR
 * when progress() ended it. One thread. */
int resume_from(const char *path, const struct resume_rooms *rooms, uint32_t server_sec, struct resume_result *ret,
		char ret_error[256]);
