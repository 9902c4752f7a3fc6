/* Options: what endpoints show and allow. */
#include "api/options.h"

#define O struct api_conf
static const struct option_row server_rows[] = {
	OPTION(O, "server_name", server_name, "", NO_RANGE, AT_START, "Name of the server, shown to users."),
	OPTION(O, "server_description", server_description, "", NO_RANGE, AT_START, "Description of the server."),
	OPTION(O, "server_location", server_location, "", NO_RANGE, AT_START, "Location of the server, as text."),
};
const struct option_table api_server_options = OPTION_TABLE(O, "server", "The server.", server_rows);
static const struct option_row httpd_rows[] = {
	OPTION(O, "httpd_allow_auth_creation", allow_auth_creation, true, NO_RANGE, AT_START,
	       "Allow API keys to be made."),
	OPTION(O, "httpd_allow_auth_view", allow_auth_view, true, NO_RANGE, AT_START,
	       "Allow administrators to see API keys."),
	OPTION(O, "norn_map_tiles", map_tiles, "", NO_RANGE, AT_START,
	       "URL from which browsers load map tiles, as https://host/{z}/{x}/{y}.png; empty: a plain grid."),
	OPTION(O, "norn_map_attribution", map_attribution, "", NO_RANGE, AT_START,
	       "Attribution of the map tiles, shown on the map."),
};
const struct option_table api_httpd_options = OPTION_TABLE(O, "httpd", "The web server and its logins.", httpd_rows);
