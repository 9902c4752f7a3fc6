#include "sightings.h"
#include "base/mem.h"
#include "db.h"
#include "field/write.h"
#include "log.h"
#include "phy/phys.h"
#include "store/log/sighting_query.h"
#include "store/log/wigle.h"
#include "track/context.h"
#include "track/device.h"

#define HEAD                                                                                                           \
	"start,seconds,phy,mac,source,bssid,frames,sent,duplicates,octets,retries,frequency,signal_type,signal_min,"   \
	"signal_max,signal_mean,lat,lon,accuracy,alerts\n"

/* What is not known is empty. */
static void put_csv(const struct sighting *x, const char *phy, struct buf *out)
{
	char mac[MAC_TEXT_SIZE], source[UUID_TEXT_SIZE], bssid[MAC_TEXT_SIZE] = "";

	mac_format(&x->device.mac, mac);
	uuid_format(&x->source, source);
	if (!mac_is_zero(&x->bssid))
		mac_format(&x->bssid, bssid);
	buf_printf(out, "%u,%u,", x->start_sec, x->seconds);
	csv_field(out, phy);
	buf_printf(out, ",%s,%s,%s,%u,%u,%u,%llu,%u,", mac, source, bssid, x->frames, x->sent, x->duplicates,
		   (unsigned long long) x->octets, x->retries);
	if (x->freq_khz)
		buf_printf(out, "%u", x->freq_khz);
	if (x->signal_type != SIGNAL_NONE)
		buf_printf(out, ",%s,%d,%d,%.2f,", x->signal_type == SIGNAL_DBM ? "dbm" : "rssi", x->signal_least,
			   x->signal_most, (double) x->signal_mean);
	else
		buf_str(out, ",,,,,");
	if (x->has_position)
		buf_printf(out, "%.6f,%.6f,", x->lat, x->lon);
	else
		buf_str(out, ",,");
	if (x->has_position && x->accuracy_m > 0)
		buf_printf(out, "%.1f", (double) x->accuracy_m);
	buf_printf(out, ",%u\n", x->alerts);
}

/* The record that the server shows; its number is that of the row. */
static void put_json(const struct sighting *x, struct field_ctx *ctx, struct buf *out)
{
	field_write(out, &sighting_table, x, FIELD_FORMAT_JSON, ctx);
	buf_char(out, '\n');
}

static void write_rows(const struct log_options *o, struct log_db *l, struct sighting_query *q, struct buf *out,
		       FILE *f)
{
	uint64_t total = log_rows(l, "norn_sightings");
	struct phy_names phys = {.count = PHYS_BUILT_IN};
	const struct track_context context = {.phys = &phys};
	struct arena arena = {0};
	struct field_ctx ctx = {.arena = &arena, .context = &context};
	struct sighting x;

	for (uint8_t i = 0; i < phys.count; i++)
		phys.name[i] = phys_name(i);
	while (sighting_query_next(q, &x)) {
		log_progress(o, x.number, total);
		if (o->json)
			put_json(&x, &ctx, out);
		else
			put_csv(&x, sighting_query_phy(q), out);
		log_write_out(f, out, false);
		arena_reset(&arena);
	}
	arena_finish(&arena);
	log_progress(o, 0, 0);
}

static void write_log(const struct log_options *o, struct log_db *l, struct buf *out, FILE *f)
{
	const struct sighting_walk walk = {
		.from_sec = o->from_sec, .to_sec = o->to_sec, .device = o->has_device ? &o->device : NULL};
	struct sighting_query *q = sighting_query_create(l->db, &walk);

	if (!q) {
		(void) fprintf(stderr, "norn-log: '%s' holds no sightings\n", l->path);
		return;
	}
	write_rows(o, l, q, out, f);
	if (sighting_query_status(q) != SQLITE_DONE)
		log_torn(l, sqlite3_errmsg(l->db));
	else if (sighting_query_unreadable(q))
		log_torn(l, "it has rows that are no sightings");
	sighting_query_destroy(q);
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
		write_log(o, &l, &out, f);
		log_close(&l);
	}
	log_finish(f, &out);
	return log_status();
}
