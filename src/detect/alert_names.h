/* The names that expressions may use of alerts. */
#pragma once
#include "query/names.h"

extern struct query_record alert_query;
