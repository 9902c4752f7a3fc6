/* Values of rows in memory, whatever the version they come from. */
#pragma once
#include "proto/table.h"
#include "proto/proto.h"
#include "proto/message.h"

/* Copies a text into ret, cut to its size, control bytes as '?', with a NUL. */
void proto_copy(struct span text, char *ret, size_t size);

struct proto_scratch *proto_scratch_create(void);
void proto_scratch_destroy(struct proto_scratch *s);

void *scratch_take(struct proto_scratch *s, size_t n);
/* Whether the row's value is to be written. */
bool row_wanted(const struct row *row, const void *base);
/* Marks it as read. */
void row_found(const struct row *row, void *base);
void row_put_number(const struct row *row, void *base, double value);
void row_put_unsigned(const struct row *row, void *base, uint64_t value);
double row_number(const struct row *row, const void *base);
uint64_t row_unsigned(const struct row *row, const void *base);
