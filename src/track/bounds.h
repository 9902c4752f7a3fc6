/* How many of each the model has. */
#pragma once

#define TRACK_SHARDS 64
#define TRACK_SOURCES_MAX 1024
#define TRACK_REMEMBERED_MAX 1024 /* sources that restored devices name */
#define TRACK_BIT_VIEWS 64        /* views of phys and the like: a bit of each device */
#define TRACK_VIEWS_MAX (TRACK_BIT_VIEWS + TRACK_SOURCES_MAX + TRACK_REMEMBERED_MAX) /* and one of each source */
