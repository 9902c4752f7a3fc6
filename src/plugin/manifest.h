/* manifest.conf: lines of name=value that say what a plugin is. Nothing is included, nothing is run. */
#pragma once
#include "plugin/private.h"

/* Reads a manifest into the record; NULL, or what is wrong with it, as static text. Pure (manifest.c). */
const char *plugin_manifest_read(struct plugin_record *r, const char *text, size_t n);
