/* Options: the archive. */
#pragma once
#include "conf/option.h"

struct archive_conf {
	struct string_list folders; /* norn_archive_folder */
};
extern const struct option_table archive_options;
