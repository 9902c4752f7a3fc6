/* Sightings of logs, as a table or as records. */
#pragma once
#include "log.h"

int log_sightings(const struct log_options *o);
