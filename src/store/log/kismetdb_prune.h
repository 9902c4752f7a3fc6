/* Deletes old rows of a kismetdb (kis_log_*_timeout). On the log's thread. */
#pragma once
#include <sqlite3.h>

#include "store/log/logs.h"

/* Seconds between two times: half of the shortest timeout, from one to sixty. */
uint32_t kismetdb_prune_sec(const uint32_t timeout_sec[LOG_TIMEOUTS]);
/* Deletes what is too old at server second `now`; false when that fails. */
bool kismetdb_prune(sqlite3 *db, const uint32_t timeout_sec[LOG_TIMEOUTS], uint32_t now);
