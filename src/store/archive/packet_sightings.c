#include "store/archive/packet_sightings.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/budget.h"
#include "base/mem.h"
#include "phy/phys.h"
#include "track/device.h"
#include "wire/packet.h"

#define OPEN_MOST 16384 /* sightings that are added to at a time */
#define SLOTS 65536     /* of their table, a power of two */

#define ROW "ts_sec, phyname, sourcemac, destmac, transmac, datasource, packet_len, signal, frequency, lat, lon"
#define OF_TIME " ts_sec >= ?1 AND ts_sec < ?2"
#define OF_DEVICE " AND (?3 IS NULL OR ?3 IN (upper(sourcemac), upper(destmac), upper(transmac)))"
enum column { SEC, PHY, FROM, TO, VIA, SOURCE, OCTETS, SIGNAL, FREQUENCY, LAT, LON };

static const char plain[] = "SELECT " ROW " FROM packets WHERE" OF_TIME OF_DEVICE;
static const char indexed[] =
	"SELECT " ROW " FROM norn_blocks b CROSS JOIN packets p ON p.rowid BETWEEN b.first_row AND b.last_row WHERE "
	"b.max_us >= ?1 * 1000000 AND b.min_us < ?2 * 1000000 AND" OF_TIME OF_DEVICE " UNION ALL SELECT " ROW
	" FROM packets WHERE rowid > (SELECT coalesce(max(last_row), 0) FROM norn_blocks) AND" OF_TIME OF_DEVICE;

struct packet_sightings {
	struct archive_span span;
	sqlite3 *db;
	sqlite3_stmt *rows;
	bool has_positions; /* degrees: since version 5 */
	bool ended;
	struct sighting *open;
	uint32_t *signals; /* measured frames of each */
	uint32_t *slots;   /* 1 + number of an open one */
	uint32_t n, given; /* open ones; those that next() has given out */
};

struct packet_sightings *packet_sightings_create(sqlite3 *db, int32_t version, const struct archive_span *span)
{
	struct packet_sightings *p = xnew(struct packet_sightings, 1);
	char mac[MAC_TEXT_SIZE];

	p->span = *span;
	p->db = db;
	p->has_positions = version >= 5;
	if (sqlite3_prepare_v2(db, indexed, -1, &p->rows, NULL) != SQLITE_OK &&
	    sqlite3_prepare_v2(db, plain, -1, &p->rows, NULL) != SQLITE_OK) {
		packet_sightings_destroy(p);
		return NULL;
	}
	(void) sqlite3_bind_int64(p->rows, 1, span->from_sec);
	(void) sqlite3_bind_int64(p->rows, 2, span->to_sec ? span->to_sec : (sqlite3_int64) UINT32_MAX + 1);
	if (span->device) {
		mac_format(&span->device->mac, mac);
		(void) sqlite3_bind_text(p->rows, 3, mac, -1, SQLITE_TRANSIENT);
	}
	p->open = xalloc(OPEN_MOST * sizeof(*p->open));
	p->signals = xalloc(OPEN_MOST * sizeof(*p->signals));
	p->slots = xalloc(SLOTS * sizeof(*p->slots));
	return p;
}

void packet_sightings_destroy(struct packet_sightings *p)
{
	if (!p)
		return;
	(void) sqlite3_finalize(p->rows);
	free(p->open);
	free(p->signals);
	free(p->slots);
	free(p);
}

static const char *text_of(sqlite3_stmt *s, enum column at)
{
	const char *text = (const char *) sqlite3_column_text(s, (int) at);

	return text ? text : "";
}

static uint32_t slot_of(const struct sighting *x)
{
	uint64_t h = mac_u64(&x->device.mac) ^ ((uint64_t) x->start_sec << 20) ^ x->device.phy_hash;

	for (size_t i = 0; i < sizeof(x->source.b); i++)
		h = (h ^ x->source.b[i]) * UINT64_C(0x9e3779b97f4a7c15);
	return (uint32_t) (h >> 32) & (SLOTS - 1);
}

/* The open one of the same device, source and minute, or a new one. */
static uint32_t find_or_add(struct packet_sightings *p, const struct sighting *x)
{
	uint32_t slot = slot_of(x);

	for (; p->slots[slot]; slot = (slot + 1) & (SLOTS - 1)) {
		const struct sighting *o = &p->open[p->slots[slot] - 1];

		if (o->start_sec == x->start_sec && key_equal(&o->device, &x->device) &&
		    memcmp(&o->source, &x->source, sizeof(x->source)) == 0)
			return p->slots[slot] - 1;
	}
	p->open[p->n] = *x;
	p->signals[p->n] = 0;
	p->slots[slot] = ++p->n;
	return p->n - 1;
}

static void add_signal(struct packet_sightings *p, uint32_t i, int signal)
{
	struct sighting *o = &p->open[i];
	int16_t level = (int16_t) signal;

	if (signal == 0 || signal < INT16_MIN || signal > INT16_MAX)
		return;
	if (p->signals[i] == 0 || level < o->signal_least)
		o->signal_least = level;
	if (p->signals[i] == 0 || level > o->signal_most)
		o->signal_most = level;
	o->signal_type = SIGNAL_DBM;
	o->signal_mean += ((float) level - o->signal_mean) / (float) ++p->signals[i];
}

static void add_position(const struct packet_sightings *p, struct sighting *o)
{
	double lat = sqlite3_column_double(p->rows, LAT), lon = sqlite3_column_double(p->rows, LON);

	if (!p->has_positions || o->has_position || (lat == 0 && lon == 0) || !(fabs(lat) <= 90) || !(fabs(lon) <= 180))
		return;
	o->has_position = true;
	o->lat = lat;
	o->lon = lon;
}

/* One device of the row. */
static void see(struct packet_sightings *p, struct sighting *x, const char *address, bool sent)
{
	struct sighting *o;
	uint32_t i;

	if (mac_parse(address, strlen(address), &x->device.mac) < 0 || mac_is_zero(&x->device.mac) ||
	    mac_is_group(&x->device.mac) || (p->span.device && !key_equal(&x->device, p->span.device)))
		return;
	i = find_or_add(p, x);
	o = &p->open[i];
	o->frames++;
	o->octets += (uint64_t) sqlite3_column_int64(p->rows, OCTETS);
	if (!sent)
		return;
	o->sent++;
	if (!o->freq_khz)
		o->freq_khz = (uint32_t) fmin(fmax(sqlite3_column_double(p->rows, FREQUENCY), 0), UINT32_MAX);
	add_signal(p, i, sqlite3_column_int(p->rows, SIGNAL));
	add_position(p, o);
}

static void take_row(struct packet_sightings *p)
{
	const char *from = text_of(p->rows, FROM), *to = text_of(p->rows, TO), *via = text_of(p->rows, VIA);
	const char *phy = text_of(p->rows, PHY), *source = text_of(p->rows, SOURCE);
	sqlite3_int64 sec = sqlite3_column_int64(p->rows, SEC);
	struct sighting x = {.seconds = PACKET_SIGHTING_SEC, .phy = PACKET_PHY_NONE};
	int number = phys_number(phy);

	if (sec <= 0 || sec > UINT32_MAX)
		return;
	x.start_sec = (uint32_t) sec - (uint32_t) sec % PACKET_SIGHTING_SEC;
	x.device.phy_hash = key_phy_hash(phy);
	if (number >= 0)
		x.phy = (uint8_t) number;
	(void) uuid_parse(source, strlen(source), &x.source);
	see(p, &x, from, true);
	if (strcmp(to, from) != 0)
		see(p, &x, to, false);
	if (strcmp(via, from) != 0 && strcmp(via, to) != 0)
		see(p, &x, via, true);
}

/* Fills the table anew, until it is full or the log ends. */
static void fill(struct packet_sightings *p, char *torn, size_t size)
{
	int r = SQLITE_ROW;

	p->n = p->given = 0;
	memset(p->slots, 0, SLOTS * sizeof(*p->slots));
	while (p->n + 3 <= OPEN_MOST && (r = sqlite3_step(p->rows)) == SQLITE_ROW)
		take_row(p);
	p->ended = r != SQLITE_ROW;
	if (p->ended && r != SQLITE_DONE && !budget_over())
		(void) snprintf(torn, size, "%.150s", sqlite3_errmsg(p->db));
}

size_t packet_sightings_next(struct packet_sightings *p, struct sighting *ret, size_t max, char *torn, size_t size)
{
	size_t n;

	while (p->given == p->n && !p->ended)
		fill(p, torn, size);
	n = p->n - p->given < max ? p->n - p->given : max;
	memcpy(ret, p->open + p->given, n * sizeof(*ret));
	p->given += (uint32_t) n;
	return n;
}
