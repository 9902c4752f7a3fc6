/* Options: the server as a whole. */
#pragma once
#include "conf/option.h"

struct server_conf {
	char *uuid;         /* server_uuid; NULL: one that is kept */
	char *folder;       /* configdir: where names, tags, logins and keys are kept */
	uint32_t stop_sec;  /* norn_stop_seconds */
	bool allow_plugins; /* allowplugins */
};
extern const struct option_table server_options;
