/* The rows of networks, and how their names are shown. */
#pragma once
#include "phy/dot11/dot11.h"

extern struct field_table dot11_advertised_table, dot11_probed_table;

/* Octets as hex in the context's arena. */
struct field_text dot11_hex(const uint8_t *p, size_t n, struct field_ctx *ctx);
/* The skeleton of a name, and the marks of what cannot be seen, in words (lookalike.h), in the context's arena. */
#define NAME_SKELETON_DOC "Equal for names that look alike (UTS 39)."
#define NAME_MARKS_DOC "What of the name is not seen: blanks at an end, zero width, direction controls."
struct field_text dot11_name_skeleton(const struct ssid *name, struct field_ctx *ctx);
struct field_text dot11_name_marks(const struct ssid *name, struct field_ctx *ctx);
/* True if the text of a name does not show its octets. */
bool dot11_needs_hex(const struct ssid *s);
