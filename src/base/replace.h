/* Files of state that are written whole. */
#pragma once
#include "base/buf.h"

/* Writes a new file beside `path`, readable by its owner alone, has it reach the disk and renames it over the
 * old one: readers see the old or the new one, whole. Makes the file's folder when that is missing. 0 or
 * -errno, and the old one stays. One thread a path at a time. */
int replace_file(const char *path, const struct buf *content);
/* Makes the folder and those above it that are missing; the last for its owner alone. 0 or -errno. */
int make_folders(const char *path);
