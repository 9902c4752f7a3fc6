/* For the files of rows that are to go to their rooms. */
#pragma once
#include "base/mem.h"
#include "conf/rest.h"

#define O struct rest_conf
#define PATH (AT_START | OPTION_PATH)
#define WORD (AT_START | OPTION_WORD)
#define SECTION(name, doc, rows) OPTION_TABLE(struct rest_conf, name, doc, rows)
