/* Options: what endpoints show and allow. */
#pragma once
#include "conf/option.h"

struct api_conf {
	char *server_name, *server_description, *server_location;
	char *map_tiles, *map_attribution;         /* norn_map_... */
	bool allow_auth_creation, allow_auth_view; /* httpd_... */
};
/* Of the sections of the server and of the web server. */
extern const struct option_table api_server_options, api_httpd_options;
