/* Private to capture: files, FIFOs and standard input as sources. */
#pragma once
#include <stdbool.h>

#include "capture/source.h"

struct definition;
struct source;

/* Standard input or a FIFO. */
bool file_source_streams(const char *path);
/* Whether it could be opened; negative with a sentence. */
int file_source_check(const struct definition *d, char error[SOURCE_TEXT_SIZE]);
/* The thread of one. */
void *file_source_run(void *source);
/* How a source with a thread of its own ended. */
struct source_end {
	enum source_state state;
	bool alert; /* although it is no error: damage, or an unexpected end */
	const char *reason;
};
/* The end of a source with a thread of its own, on that thread. */
void file_source_finish(struct source *s, const struct source_end *end);
