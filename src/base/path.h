/* Paths of files. Pure. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

/* A folder and a name in it, with one '/' between them however the folder is written; an empty folder is the working
 * directory. False when they are longer than size: ret_path is cut then. */
bool path_join(char *ret_path, size_t size, const char *folder, const char *name);
