/* Getters of Wi-Fi Multimedia. */
#pragma once
#include "field/field.h"

extern struct field_table wmm_table;
const void *wmm(const void *obj, struct field_ctx *ctx);
