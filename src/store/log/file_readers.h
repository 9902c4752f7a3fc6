/* Whether another program has a file open, such as one that copies it. Linux reports it by inotify(7); two programs at
 * the same moment may be reported as one. One thread at a time. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct file_readers;
/* Watches for opens from now on: programs that have the file open already do not count. NULL when that is impossible.
 */
struct file_readers *file_readers_create(const char *path);
void file_readers_destroy(struct file_readers *r);
/* True while another program has it open, but not for longer than hold_us after the latest open. r may be NULL: false.
 */
bool file_readers_there(struct file_readers *r, uint64_t hold_us);
