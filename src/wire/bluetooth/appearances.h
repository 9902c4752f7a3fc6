/* Appearances by their numbers (Assigned Numbers 2.6). */
#pragma once
#include <stdint.h>

/* The category of an appearance; NULL for others. */
const char *ad_appearance_category(uint16_t appearance);
/* What it is exactly, or its category. */
const char *ad_appearance(uint16_t appearance);
