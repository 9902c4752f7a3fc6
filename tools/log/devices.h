/* norn-log json, ekjson, csv, kml: devices of a log, one row after the other. */
#pragma once
#include "log.h"

int log_kml(const struct log_options *o);
int log_gpx(const struct log_options *o);
int log_json(const struct log_options *o);
int log_ekjson(const struct log_options *o);
int log_csv(const struct log_options *o);
