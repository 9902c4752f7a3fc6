/* Takes the compression off a capture: gzip (RFC 1952), zstd (RFC 8878) and lz4 frames, recognised by their first
 * octets; anything else passes as it is. Members and frames that follow one another are read as one. What lies before
 * damaged or missing data is handed out. Memory is bounded: a zstd window by UNPACK_WINDOW_LOG. One thread. */
#pragma once
#include <stddef.h>
#include <stdint.h>

#define UNPACK_WINDOW_LOG 27 /* a zstd window of 128 MB, the most that the zstd program writes by default */
#define UNPACK_ERROR_SIZE 160

/* Where octets come from: as read(2), 0 at the end, negative for an error. */
struct unpack_input {
	int (*read)(void *ctx, void *p, unsigned n);
	void *ctx;
};

struct unpack;
/* The input must outlive it. Reads nothing yet. */
struct unpack *unpack_create(const struct unpack_input *from);
/* At most n octets; 0 at the end, negative when it cannot be read on. */
int unpack_read(struct unpack *u, void *p, unsigned n);
/* The name of the compression that was found; NULL: none. */
const char *unpack_kind(const struct unpack *u);
/* Octets that were read of the input. */
uint64_t unpack_offset(const struct unpack *u);
/* Why unpack_read() failed; "" if it did not. */
const char *unpack_error(const struct unpack *u);
void unpack_destroy(struct unpack *u);
