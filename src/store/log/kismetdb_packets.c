#include <stdio.h>
#include <string.h>

#include "store/log/kismetdb_packets.h"
#include "base/mem.h"
#include "phy/phys.h"
#include "store/log/beacon_thinning.h"
#include "store/log/packet_index.h"
#include "store/log/kismetdb.h"
#include "store/log/kismetdb_sightings.h"
#include "wire/dot11/tags.h"

#define TAGS_SIZE (FRAME_TAG_COUNT * 32 + PACKET_ALERTS_MAX * (ALERT_NAME_SIZE + 8) + 64)

/* What the radio and the frame's header say; the texts are the caller's. */
static void bind_summary(sqlite3_stmt *s, const struct packet_summary *p)
{
	bool known = p->position.fix >= POSITION_FIX_2D;

	(void) sqlite3_bind_int64(s, 1, (sqlite3_int64) (p->time_us / 1000000));
	(void) sqlite3_bind_int64(s, 2, (sqlite3_int64) (p->time_us % 1000000));
	(void) sqlite3_bind_double(s, 7, p->freq_khz);
	kismetdb_position(s, 9, &p->position);
	(void) sqlite3_bind_double(s, 11, known ? (double) p->position.alt_m : 0);
	(void) sqlite3_bind_double(s, 12, known ? (double) p->position.speed_kmh : 0);
	(void) sqlite3_bind_double(s, 13, known ? (double) p->position.heading_deg : 0);
	(void) sqlite3_bind_int64(s, 14, p->captured);
	(void) sqlite3_bind_int(s, 15, p->has_signal ? p->signal_dbm : 0);
	(void) sqlite3_bind_int(s, 17, p->linktype);
	(void) sqlite3_bind_int(s, 19, p->broken);
	(void) sqlite3_bind_double(s, 21, p->rate_100kbps / 10.0);
	(void) sqlite3_bind_int(s, 22, (int) p->hash);
	(void) sqlite3_bind_int64(s, 23, (sqlite3_int64) p->number);
	(void) sqlite3_bind_int64(s, 24, p->length > p->captured ? p->length : p->captured);
}

/* The names of a packet's tags, a space between two. */
static void write_tags(struct kismetdb *k, const struct packet_tags *t, uint32_t left_out, char ret[TAGS_SIZE])
{
	char alert[ALERT_NAME_SIZE];
	char *at = ret;

	*at = '\0';
	for (unsigned i = 0; i < FRAME_TAG_COUNT && t->frame; i++)
		if (t->frame >> i & 1)
			at += sprintf(at, " %s", frame_tag_name(i));
	if (t->n_alerts)
		at += sprintf(at, " ALERT");
	for (unsigned i = 0; i < t->n_alerts; i++) {
		alerts_name(k->rooms->alerts, t->alerts[i], alert);
		at += sprintf(at, " ALERT_%s", alert);
	}
	if (left_out)
		at += sprintf(at, " NORN_BEACONS_LEFT_OUT_%u", left_out);
	if (*ret)
		memmove(ret, ret + 1, (size_t) (at - ret));
}

/* A report that is no packet. */
static enum log_took write_report(struct kismetdb *k, const struct packet_summary *p, const uint8_t *data)
{
	sqlite3_stmt *s = k->add[KISMETDB_ADD_REPORT];
	bool known = p->position.fix >= POSITION_FIX_2D;

	(void) sqlite3_bind_int64(s, 1, (sqlite3_int64) (p->time_us / 1000000));
	(void) sqlite3_bind_int64(s, 2, (sqlite3_int64) (p->time_us % 1000000));
	kismetdb_text(s, 3, phys_name(p->phy));
	kismetdb_mac(s, 4, &p->sender);
	kismetdb_position(s, 5, &p->position);
	(void) sqlite3_bind_double(s, 7, known ? (double) p->position.alt_m : 0);
	(void) sqlite3_bind_double(s, 8, known ? (double) p->position.speed_kmh : 0);
	(void) sqlite3_bind_double(s, 9, known ? (double) p->position.heading_deg : 0);
	kismetdb_text(s, 10, kismetdb_source(k, p->source));
	kismetdb_fixed(s, 11, (const char *) data, p->report - 1);
	(void) sqlite3_bind_blob64(s, 12, data + p->report, p->captured - p->report, SQLITE_STATIC);
	return kismetdb_run(k, KISMETDB_ADD_REPORT) ? LOG_WRITTEN : LOG_FAILED;
}

enum log_took kismetdb_packet(void *file, const struct packet_summary *p, const uint8_t *data)
{
	struct kismetdb *k = file;
	sqlite3_stmt *s = k->add[KISMETDB_ADD_PACKET];
	char devkey[KEY_TEXT_SIZE] = "0", sender[MAC_TEXT_SIZE], destination[MAC_TEXT_SIZE];
	char transmitter[MAC_TEXT_SIZE], tags[TAGS_SIZE];
	uint32_t left_out = 0;
	const char *uuid, *phy = phys_name(p->phy);

	if (k->failed)
		return LOG_FAILED;
	if (p->report && p->captured > p->report)
		return k->conf->packets ? write_report(k, p, data) : LOG_LEFT_OUT;
	if (!k->conf->packets || !log_filter_keeps_packet(k->rooms->packets, p) ||
	    (k->beacons && !beacons_keep(k->beacons, p, data, &left_out)))
		return LOG_LEFT_OUT;
	uuid = kismetdb_source(k, p->source);
	mac_format(&p->sender, sender);
	mac_format(&p->destination, destination);
	mac_format(&p->transmitter, transmitter);
	if (!mac_is_zero(&p->sender))
		key_format(&(struct key){key_phy_hash(phy), p->sender}, devkey);
	write_tags(k, &p->tags, left_out, tags);
	bind_summary(s, p);
	kismetdb_fixed(s, 3, phy, -1);
	kismetdb_fixed(s, 4, sender, MAC_TEXT_SIZE - 1);
	kismetdb_fixed(s, 5, destination, MAC_TEXT_SIZE - 1);
	kismetdb_fixed(s, 6, transmitter, MAC_TEXT_SIZE - 1);
	kismetdb_fixed(s, 8, devkey, -1);
	kismetdb_fixed(s, 16, uuid, UUID_TEXT_SIZE - 1);
	(void) sqlite3_bind_blob64(s, 18, data, p->captured, SQLITE_STATIC);
	kismetdb_fixed(s, 20, tags, -1);
	(void) sqlite3_bind_int64(s, 25, ++k->row);
	if (kismetdb_run(k, KISMETDB_ADD_PACKET) && !packet_index_add(k->blocks, k->row, p, uuid))
		kismetdb_fail(k, "a block");
	return k->failed ? LOG_FAILED : LOG_WRITTEN;
}

void kismetdb_own_positions(struct kismetdb *k, struct buf *sql)
{
	for (uint32_t i = 0; i < SOURCES_MAX; i++)
		if (k->rooms->has_own_position(k->rooms->ctx, (uint16_t) i))
			buf_printf(sql, "'%s',", kismetdb_source(k, (uint16_t) i));
	buf_str(sql, "''");
}

/* Rows by row, for each has its own time; blocks leave out what is older. */
bool kismetdb_fill_positions(void *file, const struct gps_gap *gap)
{
	struct kismetdb *k = file;
	struct buf sql = {0};
	sqlite3_stmt *find = NULL, *set = NULL;
	bool good;

	buf_printf(&sql,
		   "SELECT rowid, ts_sec * 1000000 + ts_usec FROM packets WHERE rowid > (SELECT "
		   "ifnull(max(last_row), 0) FROM norn_blocks WHERE max_us < %llu) AND ts_sec * 1000000 + "
		   "ts_usec BETWEEN %llu AND %llu AND lat = 0 AND lon = 0 AND datasource NOT IN (",
		   (unsigned long long) gap->from_us, (unsigned long long) gap->from_us,
		   (unsigned long long) gap->to_us);
	kismetdb_own_positions(k, &sql);
	buf_char(&sql, ')');
	good = sqlite3_prepare_v2(k->db, buf_text(&sql), -1, &find, NULL) == SQLITE_OK &&
	       sqlite3_prepare_v2(k->db, "UPDATE packets SET lat = ?, lon = ?, alt = ? WHERE rowid = ?", -1, &set,
				  NULL) == SQLITE_OK;
	while (good && sqlite3_step(find) == SQLITE_ROW) {
		struct position p = gps_gap_position(gap, (uint64_t) sqlite3_column_int64(find, 1));

		kismetdb_position(set, 1, &p);
		(void) sqlite3_bind_double(set, 3, (double) p.alt_m);
		(void) sqlite3_bind_int64(set, 4, sqlite3_column_int64(find, 0));
		good = sqlite3_step(set) == SQLITE_DONE;
		(void) sqlite3_reset(set);
	}
	if (!good)
		kismetdb_fail(k, "positions");
	(void) sqlite3_finalize(find);
	(void) sqlite3_finalize(set);
	buf_finish(&sql);
	return good && kismetdb_fill_sightings(k, gap);
}
