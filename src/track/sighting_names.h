/* The names that expressions may use of sightings. */
#pragma once
#include "query/names.h"

extern struct query_record sighting_query;
