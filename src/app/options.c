/* Options: the server. */
#include "app/options.h"

#define O struct server_conf
static const struct option_row rows[] = {
	OPTION(O, "server_uuid", uuid, "", NO_RANGE, WORD_AT_START,
	       "UUID of the server; empty: a random one that is kept."),
	OPTION(O, "norn_stop_seconds", stop_sec, 10, RANGE(10, 86400), AT_START,
	       "Seconds within which the server ends after it was asked to stop; logs lack what takes longer."),
	OPTION(O, "configdir", folder, "%h/.norn/", NO_RANGE, PATH_AT_START,
	       "Where names, tags, logins and keys are kept."),
	OPTION(O, "allowplugins", allow_plugins, true, NO_RANGE, AT_START, "Load native plugins."),
};
const struct option_table server_options = OPTION_TABLE(O, "server", "The server.", rows);
