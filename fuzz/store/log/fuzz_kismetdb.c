/* Any octets as a kismetdb log: as a source of packets, as what a run goes on with, and its sightings. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/log.h"
#include "capture/kismetdb_file.h"
#include "capture/kismetdb_open.h"
#include "capture/pcapfile.h"
#include "phy/phys.h"
#include "store/log/resume.h"
#include "store/log/sighting_query.h"
#include "track/tracker.h"

#define PACKETS_MOST 1000 /* that are read of a file: it may say of few octets that they are many rows */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void replay(const char *path)
{
	struct kismetdb_file *f;
	struct packet p = {0};
	char error[256];
	unsigned n = 0, sum = 0;

	if (kismetdb_file_open(path, &f, error, sizeof(error)) < 0)
		return;
	for (; n < PACKETS_MOST && kismetdb_file_next(f, &p) == 1; n++) {
		if (p.data.left == 0 || p.data.left > PCAPFILE_CAPLEN_MAX)
			abort();
		sum += p.data.p[0] + p.data.p[p.data.left - 1];
		p = (struct packet){0};
	}
	if (sum == 1)
		(void) kismetdb_file_offset(f);
	kismetdb_file_close(f);
}

static void go_on(const char *path)
{
	static struct alerts *alerts;
	struct track_conf conf = {.phys = built_in_phys};
	struct resume_rooms rooms = {.fingerprints = fingerprints_open(NULL)};
	struct resume_result result;
	char error[256];

	if (!alerts)
		alerts = alerts_create(20, NULL);
	option_table_default(&track_options, &conf);
	conf.max_devices = 100;
	rooms.tracker = tracker_create(&conf);
	rooms.alerts = alerts;
	(void) resume_from(path, &rooms, 2000000000, &result, error);
	tracker_destroy(rooms.tracker);
	fingerprints_close(rooms.fingerprints);
}

static void read_sightings(const char *path)
{
	struct sighting_walk walk = {.from_sec = 1, .to_sec = UINT32_MAX};
	struct sighting_query *q;
	enum kismetdb_wal wal;
	struct sighting x;
	sqlite3 *db = NULL;
	unsigned n = 0;

	if (kismetdb_open(path, 1 << 20, &db, &wal) == SQLITE_OK && (q = sighting_query_create(db, &walk)) != NULL) {
		while (n < PACKETS_MOST && sighting_query_next(q, &x))
			n++;
		sighting_query_destroy(q);
	}
	(void) sqlite3_close_v2(db);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("log", MFD_CLOEXEC);
	char path[64];

	log_set_level(LOG_LEVEL_ERROR);
	if (fd < 0 || (size && write(fd, data, size) != (ssize_t) size))
		abort();
	(void) snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	replay(path);
	go_on(path);
	read_sightings(path);
	(void) close(fd);
	return 0;
}
