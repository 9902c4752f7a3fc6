/* Reads the packets of a kismetdb log, of norn or Kismet, in the order in which they were stored. The
 * file is untrusted: nothing in it is run. One thread a file. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "wire/packet.h"

struct kismetdb_file;
/* True for a file that begins as SQLite's do. */
bool kismetdb_file_is(const char *path);
/* 0, or negative with a sentence of at most `size` octets. */
int kismetdb_file_open(const char *path, struct kismetdb_file **ret_file, char *ret_error, size_t size);
/* Fills data, length, linktype, time, position and what the log knows of the radio; the octets live until
 * the next call. 1 for a packet, 0 at the end, negative when it cannot be read on. */
int kismetdb_file_next(struct kismetdb_file *f, struct packet *ret_packet);
/* Octets of the file that have been passed, about. */
uint64_t kismetdb_file_offset(const struct kismetdb_file *f);
void kismetdb_file_close(struct kismetdb_file *f);
