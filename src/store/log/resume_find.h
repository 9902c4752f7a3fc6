/* Finds the logs that can be resumed: those whose names fit the options, by their latest change. */
#pragma once
#include "store/log/resume.h"

/* The newest logs of these options' folder and title, newest first, at most max; how many. */
uint32_t resume_find(const struct log_conf *conf, char (*ret_paths)[LOG_PATH_SIZE], uint32_t max);
