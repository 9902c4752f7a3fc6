/* What a position shows, wherever it stands in a record. */
#pragma once
#include "base/position.h"
#include "field/field.h"

extern struct field_table position_table; /* of struct position */
