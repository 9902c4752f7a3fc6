#include "store/archive/options.h"

#define O struct archive_conf
static const struct option_row rows[] = {
	OPTION(O, "norn_archive_folder", folders, "", NO_RANGE, PATH_AT_START,
	       "A further folder of kismetdb logs, beside log_prefix, that belong to the archive; may be repeated."),
};
const struct option_table archive_options = OPTION_TABLE(O, "archive", "Logs that are searched by time.", rows);
