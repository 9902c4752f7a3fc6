#include "index.h"
#include "base/mem.h"
#include "db.h"
#include "log.h"

/* One row an index; by the name later runs find that it is there. */
static const struct {
	const char *table, *column, *sql;
} indexes[] = {
	{"packets", "ts_sec", "CREATE INDEX IF NOT EXISTS norn_packets_time ON packets (ts_sec)"},
	{"packets", "sourcemac", "CREATE INDEX IF NOT EXISTS norn_packets_source ON packets (sourcemac)"},
	{"packets", "transmac", "CREATE INDEX IF NOT EXISTS norn_packets_transmitter ON packets (transmac)"},
	{"packets", "destmac", "CREATE INDEX IF NOT EXISTS norn_packets_destination ON packets (destmac)"},
	{"norn_sightings", "start", "CREATE INDEX IF NOT EXISTS norn_sightings_time ON norn_sightings (start)"},
	{"norn_sightings", "devmac",
	 "CREATE INDEX IF NOT EXISTS norn_sightings_device ON norn_sightings (devmac, start)"},
};

int log_index(const struct log_options *o)
{
	for (unsigned i = 0; i < o->n_inputs; i++) {
		struct log_db l;
		bool good = true;

		if (!log_open(&l, o->inputs[i], LOG_CHANGE))
			continue;
		for (size_t k = 0; good && k < ARRAY_SIZE(indexes); k++) {
			log_progress(o, k, ARRAY_SIZE(indexes));
			good = !log_has(&l, indexes[k].table, indexes[k].column) || log_run(&l, indexes[k].sql);
		}
		log_progress(o, 0, 0);
		log_close(&l);
	}
	return log_status();
}
