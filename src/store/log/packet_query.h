/* Packets of a kismetdb, by filters that must all hold. */
#pragma once
#include "base/buf.h"
#include "base/json_in.h"

struct packet_query;
/* Opens the database beside its writer. */
struct packet_query *packet_query_open(const char *path, char ret_error[256]);
void packet_query_close(struct packet_query *q);
/* Adds a filter by its name and text; ERR_NOT_FOUND for an unknown name (which requests may hold), ERR_MALFORMED with a
 * sentence for an invalid value. */
int packet_query_filter(struct packet_query *q, const char *name, const char *value, char ret_error[256]);
/* After the filters: prepares the search. */
int packet_query_begin(struct packet_query *q, char ret_error[256]);
/* Appends pcapng blocks, at least one packet if there is one; false at the end. */
bool packet_query_next(struct packet_query *q, struct buf *out, size_t enough);
/* True if there is another packet. */
bool packet_query_more(struct packet_query *q);
/* Why the log could not be read to its end, NULL if it could (so far). */
const char *packet_query_torn(const struct packet_query *q);
/* The names of filters; NULL behind the last. */
const char *packet_query_filter_name(size_t i);
/* Packets that were appended so far. */
uint64_t packet_query_packets(const struct packet_query *q);
/* The next blocks begin another file. */
void packet_query_again(struct packet_query *q);
/* Deletes packets up to that second; negative, with a sentence. */
int packet_query_drop(const char *path, int64_t before_sec, char ret_error[256]);
