#include <math.h>
#include <stdio.h>
#include <string.h>

#include "store/log/kismetdb_events.h"
#include "base/clock.h"
#include "base/json_out.h"
#include "base/limit.h"
#include "base/mem.h"
#include "capture/record.h"
#include "capture/registry.h"
#include "locate/locator.h"
#include "phy/phys.h"
#include "store/log/kismetdb.h"
#include "store/state/pois.h"

void kismetdb_sources(struct kismetdb *k, uint32_t now)
{
	sqlite3_stmt *s = k->add[KISMETDB_ADD_SOURCE];
	struct source_record r;
	struct arena arena = {0};

	for (uint32_t i = 0; !k->failed && capture_snapshot(k->rooms->sources, i, &r); i++) {
		struct field_ctx ctx = kismetdb_context(k, &arena);
		char uuid[UUID_TEXT_SIZE];
		struct buf json = {0};

		uuid_format(&r.uuid, uuid);
		kismetdb_text(s, 1, uuid);
		kismetdb_text(s, 2, r.driver.type);
		kismetdb_text(s, 3, r.definition);
		kismetdb_text(s, 4, r.name);
		kismetdb_text(s, 5, r.interface);
		field_write(&json, &source_table, &r, FIELD_FORMAT_JSON, &ctx);
		(void) sqlite3_bind_blob64(s, 6, json.p, json.len, SQLITE_STATIC);
		(void) kismetdb_run(k, KISMETDB_ADD_SOURCE);
		buf_finish(&json);
	}
	arena_finish(&arena);
	k->sources_sec = now;
}

static const char *message_type(int32_t flags)
{
	if (flags & MESSAGE_FATAL)
		return "FATAL";
	if (flags & MESSAGE_ERROR)
		return "ERROR";
	if (flags & MESSAGE_INFO)
		return "INFO";
	return flags & MESSAGE_DEBUG ? "DEBUG" : "";
}

static void write_message(struct kismetdb *k, const struct message *m, const struct position *here)
{
	sqlite3_stmt *s = k->add[KISMETDB_ADD_MESSAGE];

	(void) sqlite3_bind_int64(s, 1, (sqlite3_int64) m->time);
	kismetdb_position(s, 2, here);
	kismetdb_text(s, 4, message_type(m->flags));
	kismetdb_text(s, 5, m->text);
	(void) kismetdb_run(k, KISMETDB_ADD_MESSAGE);
}

void kismetdb_missing(struct kismetdb *k, uint64_t n, const char *what)
{
	struct position nowhere = {0};
	struct message m = {.flags = MESSAGE_ERROR, .time = clock_server_sec()};

	(void) snprintf(m.text, sizeof(m.text),
			"%llu %s are missing here: they came faster than the log could be written",
			(unsigned long long) n, what);
	write_message(k, &m, &nowhere);
}

static void write_messages(struct kismetdb *k, const struct position *here)
{
	struct message m;

	while (!k->failed && message_after(k->rooms->messages, k->message, &m, 1)) {
		if (k->follows && m.number > k->message + 1)
			kismetdb_missing(k, m.number - k->message - 1, "messages");
		k->message = m.number;
		if (m.time >= k->since_sec)
			write_message(k, &m, here);
	}
}

static void write_alerts(struct kismetdb *k)
{
	sqlite3_stmt *s = k->add[KISMETDB_ADD_ALERT];
	struct arena arena = {0};
	struct alert a;

	while (!k->failed && alerts_after(k->rooms->alerts, k->alert, &a, 1)) {
		struct field_ctx ctx = kismetdb_context(k, &arena);
		struct buf json = {0};

		if (k->follows && a.number > k->alert + 1)
			kismetdb_missing(k, a.number - k->alert - 1, "alerts");
		k->alert = a.number;
		if (a.time < k->since_sec)
			continue;
		(void) sqlite3_bind_int64(s, 1, (sqlite3_int64) a.time);
		(void) sqlite3_bind_int64(s, 2, (sqlite3_int64) (fmod(a.time, 1) * 1e6));
		kismetdb_text(s, 3, a.phy == UINT32_MAX ? "ANY" : phys_name((uint8_t) a.phy));
		kismetdb_mac(s, 4, &a.source);
		kismetdb_position(s, 5, &a.position);
		kismetdb_text(s, 7, a.name);
		field_write(&json, &alert_table, &a, FIELD_FORMAT_JSON, &ctx);
		(void) sqlite3_bind_blob64(s, 8, json.p, json.len, SQLITE_STATIC);
		(void) kismetdb_run(k, KISMETDB_ADD_ALERT);
		buf_finish(&json);
	}
	arena_finish(&arena);
}

void kismetdb_gps(struct kismetdb *k)
{
	sqlite3_stmt *s = k->add[KISMETDB_ADD_SNAPSHOT];
	struct gps_record *g = xnew(struct gps_record, GPS_MAX);
	uint32_t n = locator_copy(k->rooms->locator, g, GPS_MAX);
	struct arena arena = {0};

	for (uint32_t i = 0; i < n && !k->failed; i++) {
		struct field_ctx ctx = kismetdb_context(k, &arena);
		struct buf json = {0};

		(void) sqlite3_bind_int64(s, 1, (sqlite3_int64) (ctx.now_us / 1000000));
		(void) sqlite3_bind_int64(s, 2, (sqlite3_int64) (ctx.now_us % 1000000));
		kismetdb_position(s, 3, &g[i].location);
		kismetdb_text(s, 5, "GPS");
		field_write(&json, &gps_table, &g[i], FIELD_FORMAT_JSON, &ctx);
		(void) sqlite3_bind_blob64(s, 6, json.p, json.len, SQLITE_STATIC);
		(void) kismetdb_run(k, KISMETDB_ADD_SNAPSHOT);
		buf_finish(&json);
	}
	arena_finish(&arena);
	free(g);
}

/* The system's state in the application's words. */
void kismetdb_status(struct kismetdb *k, uint32_t now)
{
	sqlite3_stmt *s = k->add[KISMETDB_ADD_SNAPSHOT];
	struct position here = locator_best(k->rooms->locator, now, NULL);
	uint64_t us = clock_server_us();
	struct buf json = {0};

	k->rooms->write_status(k->rooms->ctx, &json);
	(void) sqlite3_bind_int64(s, 1, (sqlite3_int64) (us / 1000000));
	(void) sqlite3_bind_int64(s, 2, (sqlite3_int64) (us % 1000000));
	kismetdb_position(s, 3, &here);
	kismetdb_text(s, 5, "SYSTEM");
	(void) sqlite3_bind_blob64(s, 6, json.p, json.len, SQLITE_STATIC);
	(void) kismetdb_run(k, KISMETDB_ADD_SNAPSHOT);
	buf_finish(&json);
	k->status_sec = now;
}

static void write_pois(struct kismetdb *k)
{
	sqlite3_stmt *s = k->add[KISMETDB_ADD_SNAPSHOT];
	struct poi *p;
	uint32_t n;

	if (pois_last(k->rooms->pois) == k->poi)
		return;
	p = xnew(struct poi, limit_of(LIMIT_POIS));
	n = pois_copy(k->rooms->pois, k->poi, p);

	for (uint32_t i = 0; i < n && !k->failed; i++) {
		struct buf json = {0};

		k->poi = p[i].number;
		if (p[i].time_us / 1000000 < k->since_sec)
			continue;
		if (p[i].note[0]) {
			buf_str(&json, "{\"note\":");
			json_text(&json, p[i].note, strlen(p[i].note));
			buf_char(&json, '}');
		}
		(void) sqlite3_bind_int64(s, 1, (sqlite3_int64) (p[i].time_us / 1000000));
		(void) sqlite3_bind_int64(s, 2, (sqlite3_int64) (p[i].time_us % 1000000));
		kismetdb_position(s, 3, &p[i].position);
		kismetdb_text(s, 5, "POI");
		(void) sqlite3_bind_blob64(s, 6, json.p ? json.p : "", json.len, SQLITE_STATIC);
		(void) kismetdb_run(k, KISMETDB_ADD_SNAPSHOT);
		buf_finish(&json);
	}
	free(p);
}

void kismetdb_events(struct kismetdb *k)
{
	struct position here = locator_best(k->rooms->locator, clock_server_sec(), NULL);

	if (k->conf->messages)
		write_messages(k, &here);
	if (k->conf->alerts)
		write_alerts(k);
	write_pois(k);
}
