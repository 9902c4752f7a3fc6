/* 802.11be, and access points near by: getters of the elements that say it. */
#pragma once
#include "field/field.h"

extern struct field_table multi_link_table, hotspot_table;
const void *multi_link(const void *obj, struct field_ctx *ctx);
const void *hotspot(const void *obj, struct field_ctx *ctx);
bool neighbors_there(const void *obj);
struct field_items neighbors(const void *obj, struct field_ctx *ctx);
extern const struct field neighbor_elem;
