/* The names that expressions may use of packets. */
#pragma once
#include "query/names.h"

extern struct query_record packet_query;
