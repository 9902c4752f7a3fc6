/* dot11_datasource_opt=: what every Wi-Fi source gets, unless its definition says otherwise. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

struct source;

/* Whether a value of dot11_datasource_opt= can be read. */
bool capture_wifi_option_ok(const char *text);

/* For capture itself. */
/* The definition that a source's program is asked to open: its own, and for Wi-Fi what dot11_datasource_opt=
 * adds to it. Under no lock; the record's definition does not change. */
void source_definition(const struct source *s, char *ret, size_t size);
