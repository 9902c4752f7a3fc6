#include <string.h>

#include "sightings.h"
#include "base/mem.h"
#include "db.h"
#include "field/write.h"
#include "log.h"
#include "phy/phys.h"
#include "store/log/sighting_rows.h"
#include "store/log/wigle.h"
#include "track/context.h"

#define HEAD                                                                                                           \
	"start,seconds,phy,mac,source,bssid,frames,sent,duplicates,octets,retries,frequency,signal_type,signal_min,"   \
	"signal_max,signal_mean,lat,lon,accuracy,alerts\n"

/* The columns as they stand; what is NULL is empty. */
static void put_csv(sqlite3_stmt *s, struct buf *out)
{
	for (int i = 1; i <= SIGHTING_COLUMN_COUNT; i++) {
		if (i > 1)
			buf_char(out, ',');
		csv_field(out, log_text(s, i));
	}
	buf_char(out, '\n');
}

/* The record that the server shows; its number is that of the row. */
static void put_json(sqlite3_stmt *s, const struct sighting *x, struct field_ctx *ctx, struct buf *out)
{
	struct sighting shown = *x;

	shown.number = (uint64_t) sqlite3_column_int64(s, 0);
	field_write(out, &sighting_table, &shown, FIELD_FORMAT_JSON, ctx);
	buf_char(out, '\n');
}

static void write_log(const struct log_options *o, struct log_db *l, struct buf *out, FILE *f)
{
	sqlite3_stmt *s = log_prepare(l, "SELECT rowid, " SIGHTING_COLUMNS " FROM norn_sightings");
	uint64_t done = 0, total = log_rows(l, "norn_sightings");
	struct phy_names phys = {.count = PHYS_BUILT_IN};
	const struct track_context context = {.phys = &phys};
	struct arena arena = {0};
	struct field_ctx ctx = {.arena = &arena, .context = &context};
	struct sighting x;

	for (uint8_t i = 0; i < phys.count; i++)
		phys.name[i] = phys_name(i);
	while (log_next(l, s)) {
		log_progress(o, ++done, total);
		if (!sighting_read(s, 1, &x))
			log_torn_record(l, log_text(s, 4));
		else if (o->json)
			put_json(s, &x, &ctx, out);
		else
			put_csv(s, out);
		log_write_out(f, out, false);
		arena_reset(&arena);
	}
	(void) sqlite3_finalize(s);
	arena_finish(&arena);
	log_progress(o, 0, 0);
}

int log_sightings(const struct log_options *o)
{
	struct buf out = {0};
	struct log_db l;
	FILE *f = NULL;

	for (unsigned i = 0; i < o->n_inputs; i++) {
		if (!log_open(&l, o->inputs[i], LOG_READ))
			continue;
		if (!f) {
			f = log_output(o);
			if (!o->json)
				buf_str(&out, HEAD);
		}
		if (log_has(&l, "norn_sightings", "start"))
			write_log(o, &l, &out, f);
		else
			(void) fprintf(stderr, "norn-log: '%s' holds no sightings\n", l.path);
		log_close(&l);
	}
	log_finish(f, &out);
	return log_status();
}
