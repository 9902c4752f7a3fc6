/* What is known of a packet beside its octets, as a record: for expressions. */
#pragma once
#include "field/field.h"

extern struct field_table packet_summary_table;
