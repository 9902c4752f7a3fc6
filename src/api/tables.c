#include "api/tables.h"

#include <stddef.h>

#define X(name) &api_##name##_routes,
const struct route_table *const api_tables[] = {API_TABLES(X) NULL};
#undef X
