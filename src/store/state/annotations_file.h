/* Names and tags of devices in a file of one JSON object a line, so that they outlive the run. */
#pragma once
#include "track/annotations.h"

#define ANNOTATIONS_FILE_MAX (256 * 1024 * 1024)

/* Reads the file into the annotations; no file is no error. Lines that cannot be read are reported and left
 * out. Negative, and logged, when the file cannot be read. Before other threads run. */
int annotations_load(struct annotations *n, const char *path);
/* Writes a new file and renames it over the old one. Negative, and logged, when that fails. One
 * thread at a time. */
int annotations_save(struct annotations *n, const char *path);
