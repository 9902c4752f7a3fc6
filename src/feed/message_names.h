/* The names that expressions may use of messages. */
#pragma once
#include "query/names.h"

extern struct query_record message_query;
