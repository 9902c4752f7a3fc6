/* Names of log files. */
#pragma once
#include "store/log/log_run.h"

/* The name of a new file: the template with its letters replaced. False when none is free. */
bool log_name(const struct log_conf *c, const char *title, const char *suffix, char ret_path[LOG_PATH_SIZE]);
/* The pattern, for glob(), of such names of any time and number. */
void log_pattern(const struct log_conf *c, const char *title, const char *suffix, char ret_pattern[LOG_PATH_SIZE]);
