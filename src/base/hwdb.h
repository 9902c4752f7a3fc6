/* Files of udev's hardware database (hwdb(7)) as lists of names: a line that matches ("OUI:28EF01*"), and below it
 * lines that begin with a blank and say something of it (" ID_OUI_FROM_DATABASE=Private"). */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#define HWDB_PATH_SIZE 128
#define HWDB_LINE_SIZE 512 /* octets of a line that is read */
#define HWDB_MATCH_SIZE 16

/* The file of that name in the folder where the administrator puts one, or in those of packages. False: in none. */
bool hwdb_find(const char *name, char ret_path[HWDB_PATH_SIZE]);

/* A file as it is read line by line: what is looked for, and what the lines below are about. */
struct hwdb {
	const char *prefix, *key;
	char match[HWDB_MATCH_SIZE]; /* what stands behind the prefix, without the "*"; empty: something else */
};
/* The value when the line says `key` of a match, without blanks at its end, which are cut from the line; NULL for
 * other lines. Pure. */
const char *hwdb_line(struct hwdb *h, char *line);
