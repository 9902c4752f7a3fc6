/* The REST manual: every endpoint, as the tables of routes say. */
#pragma once
#include "generate.h"

void generate_rest(struct buf *out);
