/* Options: the server. */
#include "conf/rows.h"

static const struct option_row rows[] = {
	OPTION(O, "server_name", server_name, "", NO_RANGE, AT_START, "Name of the server, shown to users."),
	OPTION(O, "server_description", server_description, "", NO_RANGE, AT_START, "What the server is for."),
	OPTION(O, "server_location", server_location, "", NO_RANGE, AT_START, "Where the server stands."),
	OPTION(O, "server_uuid", server_uuid, "", NO_RANGE, WORD,
	       "UUID of the server; empty: a random one that is kept."),
	OPTION(O, "norn_stop_seconds", norn_stop_seconds, 10, RANGE(10, 86400), AT_START,
	       "Seconds within which the server has ended when it is told to stop; logs lack what takes longer."),
	OPTION(O, "configdir", configdir, "%h/.norn/", NO_RANGE, PATH, "Where names, tags, logins and keys are kept."),
	OPTION(O, "allowplugins", allowplugins, true, NO_RANGE, AT_START, "Load native plugins."),
};
const struct option_table rows_server = SECTION("server", "The server.", rows);
