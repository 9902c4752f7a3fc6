#include <string.h>

#include "accuracy.h"
#include "base/mem.h"
#include "db.h"
#include "log.h"

#define SLOTS 65536 /* that are remembered of each; of two in the same slot the later stays */

struct by_position {
	double lat, lon;
	float metres;
};
struct by_second {
	int64_t sec;
	float metres;
};
struct log_accuracy {
	struct by_position positions[SLOTS];
	struct by_second seconds[SLOTS];
};

static size_t slot_of(double lat, double lon)
{
	uint64_t a, b;

	memcpy(&a, &lat, sizeof(a));
	memcpy(&b, &lon, sizeof(b));
	return (a * UINT64_C(0x9e3779b97f4a7c15) ^ b * UINT64_C(0xc2b2ae3d27d4eb4f)) >> 48;
}

/* Metres; 0 when the record has none. */
static float metres_of(sqlite3_stmt *s, int column)
{
	char error[JSON_IN_ERROR_SIZE];
	const void *p = sqlite3_column_blob(s, column);
	struct json_in *record = p ? json_in_read(p, (size_t) sqlite3_column_bytes(s, column), error) : NULL;
	double metres = 0;

	(void) json_in_real(log_member(record, "kismet.gps.location", "norn.common.location.accuracy"), &metres);
	json_in_free(record);
	return metres > 0 && metres < 1e8 ? (float) metres : 0;
}

struct log_accuracy *log_accuracy_read(struct log_db *l)
{
	struct log_accuracy *a;
	sqlite3_stmt *s;

	if (!log_has(l, "snapshots", "snaptype"))
		return NULL;
	a = xnew(struct log_accuracy, 1);
	s = log_prepare(l, "SELECT ts_sec, lat, lon, json FROM snapshots WHERE snaptype = 'GPS' AND lat != 0");
	while (log_next(l, s)) {
		double lat = sqlite3_column_double(s, 1), lon = sqlite3_column_double(s, 2);
		int64_t sec = sqlite3_column_int64(s, 0);
		float metres = metres_of(s, 3);

		if (metres <= 0)
			continue;
		a->positions[slot_of(lat, lon)] = (struct by_position){lat, lon, metres};
		a->seconds[(uint64_t) sec % SLOTS] = (struct by_second){sec, metres};
	}
	(void) sqlite3_finalize(s);
	return a;
}

double log_accuracy_of(const struct log_accuracy *a, int64_t sec, double lat, double lon)
{
	const struct by_position *p = a ? &a->positions[slot_of(lat, lon)] : NULL;
	const struct by_second *s = a ? &a->seconds[(uint64_t) sec % SLOTS] : NULL;

	if (!a)
		return 0;
	if (memcmp(&p->lat, &lat, sizeof(lat)) == 0 && memcmp(&p->lon, &lon, sizeof(lon)) == 0)
		return (double) p->metres;
	return s->sec == sec ? (double) s->metres : 0;
}
