#include "store/log/sighting_rows.h"

#include <math.h>
#include <string.h>

#include "phy/phys.h"
#include "track/device.h"
#include "wire/packet.h"

enum column {
	START,
	SECONDS,
	PHY,
	MAC,
	SOURCE,
	BSSID,
	FRAMES,
	SENT,
	DUPLICATES,
	OCTETS,
	RETRIES,
	FREQUENCY,
	SIGNAL_TYPE,
	SIGNAL_LEAST,
	SIGNAL_MOST,
	SIGNAL_MEAN,
	LAT,
	LON,
	ACCURACY,
	ALERTS
};

const struct blocks_sql sighting_index_sql = BLOCKS_SQL("norn_sighting_blocks", "norn_sighting_block_keys");

static const char *const signal_types[] = {[SIGNAL_DBM] = "dbm", [SIGNAL_RSSI] = "rssi"};

static void bind_mac(sqlite3_stmt *s, enum column at, const struct mac *m)
{
	char text[MAC_TEXT_SIZE];

	mac_format(m, text);
	(void) sqlite3_bind_text(s, (int) at + 1, text, -1, SQLITE_TRANSIENT);
}

static void bind_number(sqlite3_stmt *s, enum column at, uint64_t n)
{
	(void) sqlite3_bind_int64(s, (int) at + 1, (sqlite3_int64) n);
}

static void bind_signal(sqlite3_stmt *s, const struct sighting *x)
{
	(void) sqlite3_bind_text(s, SIGNAL_TYPE + 1, signal_types[x->signal_type], -1, SQLITE_STATIC);
	(void) sqlite3_bind_int(s, SIGNAL_LEAST + 1, x->signal_least);
	(void) sqlite3_bind_int(s, SIGNAL_MOST + 1, x->signal_most);
	(void) sqlite3_bind_double(s, SIGNAL_MEAN + 1, round((double) x->signal_mean * 100) / 100);
}

static void bind_position(sqlite3_stmt *s, const struct sighting *x)
{
	(void) sqlite3_bind_double(s, LAT + 1, x->lat);
	(void) sqlite3_bind_double(s, LON + 1, x->lon);
	if (x->accuracy_m > 0)
		(void) sqlite3_bind_double(s, ACCURACY + 1, (double) x->accuracy_m);
}

void sighting_bind(sqlite3_stmt *s, const struct sighting *x, const char *phyname)
{
	char uuid[UUID_TEXT_SIZE];

	uuid_format(&x->source, uuid);
	bind_number(s, START, x->start_sec);
	bind_number(s, SECONDS, x->seconds);
	(void) sqlite3_bind_text(s, PHY + 1, phyname, -1, SQLITE_STATIC);
	bind_mac(s, MAC, &x->device.mac);
	(void) sqlite3_bind_text(s, SOURCE + 1, uuid, -1, SQLITE_TRANSIENT);
	if (!mac_is_zero(&x->bssid))
		bind_mac(s, BSSID, &x->bssid);
	bind_number(s, FRAMES, x->frames);
	bind_number(s, SENT, x->sent);
	bind_number(s, DUPLICATES, x->duplicates);
	bind_number(s, OCTETS, x->octets);
	bind_number(s, RETRIES, x->retries);
	if (x->freq_khz)
		bind_number(s, FREQUENCY, x->freq_khz);
	if (x->signal_type != SIGNAL_NONE)
		bind_signal(s, x);
	if (x->has_position)
		bind_position(s, x);
	bind_number(s, ALERTS, x->alerts);
}

static const char *text_of(sqlite3_stmt *s, int column)
{
	const char *t = (const char *) sqlite3_column_text(s, column);

	return t ? t : "";
}

/* A number as far as the member holds it. */
static uint64_t number_of(sqlite3_stmt *s, int column, uint64_t most)
{
	sqlite3_int64 n = sqlite3_column_int64(s, column);

	if (n < 0)
		return 0;
	return (uint64_t) n < most ? (uint64_t) n : most;
}

static double real_of(sqlite3_stmt *s, int column, double least, double most)
{
	double v = sqlite3_column_double(s, column);

	return isfinite(v) ? fmin(fmax(v, least), most) : 0;
}

static void read_signal(sqlite3_stmt *s, int first, struct sighting *ret)
{
	const char *type = text_of(s, first + SIGNAL_TYPE);

	for (uint8_t i = SIGNAL_DBM; i <= SIGNAL_RSSI; i++)
		if (strcmp(type, signal_types[i]) == 0)
			ret->signal_type = i;
	if (ret->signal_type == SIGNAL_NONE)
		return;
	ret->signal_least = (int16_t) real_of(s, first + SIGNAL_LEAST, INT16_MIN, INT16_MAX);
	ret->signal_most = (int16_t) real_of(s, first + SIGNAL_MOST, INT16_MIN, INT16_MAX);
	ret->signal_mean = (float) real_of(s, first + SIGNAL_MEAN, INT16_MIN, INT16_MAX);
}

static void read_position(sqlite3_stmt *s, int first, struct sighting *ret)
{
	ret->has_position = sqlite3_column_type(s, first + LAT) != SQLITE_NULL &&
			    sqlite3_column_type(s, first + LON) != SQLITE_NULL;
	if (!ret->has_position)
		return;
	ret->lat = real_of(s, first + LAT, -90, 90);
	ret->lon = real_of(s, first + LON, -180, 180);
	ret->accuracy_m = (float) real_of(s, first + ACCURACY, 0, 1e9);
}

bool sighting_read(sqlite3_stmt *s, int first, struct sighting *ret)
{
	const char *mac = text_of(s, first + MAC), *source = text_of(s, first + SOURCE);
	const char *bssid = text_of(s, first + BSSID), *phy = text_of(s, first + PHY);
	int number = phys_number(phy);

	memset(ret, 0, sizeof(*ret));
	ret->phy = number < 0 ? PACKET_PHY_NONE : (uint8_t) number;
	if (mac_parse(mac, strlen(mac), &ret->device.mac) < 0 || uuid_parse(source, strlen(source), &ret->source) < 0)
		return false;
	ret->device.phy_hash = key_phy_hash(phy);
	if (mac_parse(bssid, strlen(bssid), &ret->bssid) < 0)
		ret->bssid = (struct mac){{0}};
	ret->start_sec = (uint32_t) number_of(s, first + START, UINT32_MAX);
	ret->seconds = (uint16_t) number_of(s, first + SECONDS, UINT16_MAX);
	ret->frames = (uint32_t) number_of(s, first + FRAMES, UINT32_MAX);
	ret->sent = (uint32_t) number_of(s, first + SENT, UINT32_MAX);
	ret->duplicates = (uint32_t) number_of(s, first + DUPLICATES, UINT32_MAX);
	ret->octets = number_of(s, first + OCTETS, UINT64_MAX);
	ret->retries = (uint32_t) number_of(s, first + RETRIES, UINT32_MAX);
	ret->freq_khz = (uint32_t) number_of(s, first + FREQUENCY, UINT32_MAX);
	ret->alerts = (uint32_t) number_of(s, first + ALERTS, UINT32_MAX);
	read_signal(s, first, ret);
	read_position(s, first, ret);
	return true;
}

bool sighting_index_add(struct blocks *b, int64_t row, const struct sighting *x)
{
	struct block_row r = {.row = row, .time_us = (uint64_t) x->start_sec * 1000000, .n_keys = 2};
	char uuid[UUID_TEXT_SIZE];

	uuid_format(&x->source, uuid);
	r.keys[0] = block_key_of_mac(&x->device.mac);
	r.keys[1] = block_key_of_uuid(uuid);
	if (!mac_is_zero(&x->bssid))
		r.keys[r.n_keys++] = block_key_of_mac(&x->bssid);
	return blocks_add(b, &r);
}

int64_t sighting_index_go_on(struct blocks *b, sqlite3 *db)
{
	int64_t row = blocks_go_on(b, db);
	sqlite3_stmt *s = NULL;
	struct sighting x;
	bool good = true;

	if (row < 0 ||
	    sqlite3_prepare_v2(db,
			       "SELECT rowid, " SIGHTING_COLUMNS " FROM norn_sightings WHERE rowid > ? ORDER BY rowid",
			       -1, &s, NULL) != SQLITE_OK)
		return -1;
	(void) sqlite3_bind_int64(s, 1, row);
	while (good && sqlite3_step(s) == SQLITE_ROW) {
		row = sqlite3_column_int64(s, 0);
		if (sighting_read(s, 1, &x))
			good = sighting_index_add(b, row, &x);
	}
	(void) sqlite3_finalize(s);
	return good ? row : -1;
}
