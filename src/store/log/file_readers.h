/* Whether another program has a file open, such as one that copies it. Linux tells by inotify(7); two programs in the
 * same moment may be told as one. One thread at a time. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct file_readers;
/* Watches opens from now on: who has the file open already does not count. NULL when that cannot be. */
struct file_readers *file_readers_create(const char *path);
void file_readers_destroy(struct file_readers *r);
/* True while somebody has it open, but not for longer than hold_us after the latest open. r may be NULL: false. */
bool file_readers_there(struct file_readers *r, uint64_t hold_us);
