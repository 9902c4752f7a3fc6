/* Databases that this process writes. POSIX locks belong to a process and a file, not to a descriptor: whatever opens
 * such a file beside SQLite, and closes it, takes away the locks of its writer, and the next program that opens the log
 * then removes the -wal under it (sqlite.org/howtocorrupt.html, 2.2). Before a path that came from outside is opened, it
 * is asked for here. */
#pragma once
#include <stdbool.h>
#include <sys/stat.h>

struct owned_file {
	dev_t device;
	ino_t inode; /* 0: none */
};

/* The file at that path is written by SQLite from now on; remembered until owned_file_remove(), also when it is renamed
 * or unlinked. Any thread, as all here. */
void owned_file_add(const char *path, struct owned_file *ret_file);
void owned_file_remove(struct owned_file *file);
/* Whether it is one of them, by its status. */
bool owned_file_is(const struct stat *st);
/* The same by its path, which is not opened; false for what is not there. */
bool owned_file_at(const char *path);
