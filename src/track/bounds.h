/* How many of each the model has. */
#pragma once

#define TRACK_SHARDS 64
#define TRACK_SOURCES_MAX 1024
#define TRACK_VIEWS_MAX 64
