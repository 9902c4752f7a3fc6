/* norn-log stats and check. */
#include <string.h>

#include "base/json_out.h"
#include "base/mem.h"
#include "log.h"

static const struct figure {
	const char *name, *words, *sql;
} figures[] = {
	{"version", "Version of the log", "SELECT db_version FROM KISMET"},
	{"packets", "Packets", "SELECT count(*) FROM packets"},
	{"packets_placed", "Packets with a place", "SELECT count(*) FROM packets WHERE lat != 0"},
	{"packet_bytes", "Octets of packets", "SELECT ifnull(sum(packet_len), 0) FROM packets"},
	{"first", "First packet, Unix second", "SELECT ifnull(min(ts_sec), 0) FROM packets"},
	{"last", "Last packet, Unix second", "SELECT ifnull(max(ts_sec), 0) FROM packets"},
	{"devices", "Devices", "SELECT count(*) FROM devices"},
	{"datasources", "Datasources", "SELECT count(*) FROM datasources"},
	{"data", "Reports that are no packets", "SELECT count(*) FROM data"},
	{"alerts", "Alerts", "SELECT count(*) FROM alerts"},
	{"messages", "Messages", "SELECT count(*) FROM messages"},
	{"snapshots", "Snapshots", "SELECT count(*) FROM snapshots"},
};

int log_stats(const struct log_options *o)
{
	struct buf out = {0};
	struct log_db l;

	for (unsigned i = 0; i < o->n_inputs; i++) {
		if (!log_open(&l, o->inputs[i], LOG_READ))
			return 1;
		if (o->json) {
			buf_str(&out, "{\"file\":");
			json_text(&out, l.path, strlen(l.path));
		} else {
			buf_printf(&out, "%s\n", l.path);
		}
		for (size_t k = 0; k < ARRAY_SIZE(figures); k++) {
			long long n = (long long) log_number(&l, figures[k].sql);

			if (o->json)
				buf_printf(&out, ",\"%s\":%lld", figures[k].name, n);
			else
				buf_printf(&out, "  %-28s %lld\n", figures[k].words, n);
		}
		if (o->json)
			buf_str(&out, "}\n");
		log_close(&l);
	}
	log_finish(log_output(o), &out);
	return 0;
}

int log_check(const struct log_options *o)
{
	int status = 0;

	for (unsigned i = 0; i < o->n_inputs; i++) {
		struct log_db l;
		sqlite3_stmt *s;

		if (!log_open(&l, o->inputs[i], LOG_READ)) {
			status = 1;
			continue;
		}
		s = log_prepare(&l, "PRAGMA integrity_check");
		while (log_next(&l, s)) {
			bool good = strcmp(log_text(s, 0), "ok") == 0;

			(void) printf("%s: %s\n", l.path, good ? "whole" : log_text(s, 0));
			status |= !good;
		}
		(void) sqlite3_finalize(s);
		log_close(&l);
	}
	return status | log_status();
}
