/* norn-log check: is a log whole? */
#include <string.h>

#include "base/mem.h"
#include "log.h"

static const char *const needed[] = {"devices", "packets", "datasources"};

static int check(const char *path)
{
	int status = 0;
	struct log_db l;
	sqlite3_stmt *s;

	if (!log_open(&l, path, LOG_READ))
		return 1;
	for (size_t i = 0; i < ARRAY_SIZE(needed); i++)
		if (!log_has(&l, needed[i], NULL)) {
			(void) printf("%s: there is no table %s\n", path, needed[i]);
			status = 1;
		}
	s = log_prepare(&l, "PRAGMA integrity_check");
	while (log_next(&l, s)) {
		bool good = strcmp(log_text(s, 0), "ok") == 0;

		if (!good)
			(void) printf("%s: %s\n", path, log_text(s, 0));
		status |= !good;
	}
	(void) sqlite3_finalize(s);
	log_close(&l);
	status |= log_status();
	(void) printf("%s: %s\n", path, status ? "damaged; `norn-log repair` saves what can be read" : "whole");
	return status;
}

int log_check(const struct log_options *o)
{
	int status = 0;

	for (unsigned i = 0; i < o->n_inputs; i++)
		status |= check(o->inputs[i]);
	return status;
}
