/* What a capture program saw, on its way into the server (packets.c). The source's loop. */
#pragma once
#include <stdint.h>

struct live;
struct proto_message;

/* Hands a packet or report on. */
void packets_take(struct live *l, const struct proto_message *m);
/* Brings the counters to the record. */
void packets_publish(struct live *l);
/* Says so when a source delivers and nothing of it is understood. */
void packets_doubt(struct live *l, uint64_t now_us);
