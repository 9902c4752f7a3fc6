/* Vendors by the first octets of an address: 36 bits before 28 before 24, from udev's list, which Debian keeps current,
 * or Debian's ieee-data (or `ouifile=`). Immutable once loaded, so an index into it can be kept and read by any thread.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mac.h"

struct vendors;

#define VENDORS_PATH_SIZE 4096
/* The first of Debian's paths that exists, below the folder `root` ("": the machine's). False: none does. */
bool vendors_file(const char *root, char ret_path[VENDORS_PATH_SIZE]);
/* Reads udev's 20-OUI.hwdb, an IEEE oui.txt ("28-6F-B9   (hex)\t\tName"; mam.txt and oui36.txt blocks are skipped) or
 * Kismet's list ("28:6F:B9\tName"), each of them also by gzip.
 * path NULL takes what vendors_file() finds. Without a file the table is empty and
 * the result is -ENOENT; *ret_vendors is valid all the same. */
int vendors_load(const char *path, struct vendors **ret_vendors);
void vendors_destroy(struct vendors *v);
/* The index of the address's vendor, 0 when unknown. */
uint16_t vendor_find(const struct vendors *v, const struct mac *mac);
/* The name of an index; "Unknown" for 0. Never NULL. */
const char *vendor_name(const struct vendors *v, uint16_t index);
