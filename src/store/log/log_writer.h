/* Logs whose files are written outside this room, as by a plugin: a kind like any other for the log's thread. */
#pragma once
#include "store/log/log_file.h"

/* The kind of those files, and how one is opened: NULL with a sentence. */
void log_writer_kind(const struct log_writer *w, struct log_kind *ret_kind);
void *log_writer_open(const struct log_writer *writer, const char *path, char ret_error[256]);
