/* Values of terms, by the kind of their name: numbers with units, ranges, times and addresses. */
#pragma once
#include "base/mac.h"
#include "query/lex.h"
#include "query/names.h"

/* Numbers from least to most. */
struct query_range {
	double least, most;
	bool above, below; /* without the ends themselves */
	bool age;          /* of how long ago, not of when */
};

/* What reading a value needs. */
struct query_reading {
	const char *text; /* the whole expression, for errors */
	struct query_error *error;
	uint64_t now_sec; /* server time */
};

/* The numbers that a value stands for behind that operator: "6", "1..13", "-70..", "5GHz". Negative, with r->error,
 * when it is none of the row's kind. */
int query_range_read(const struct query_reading *r, const struct query_name *row, uint8_t op,
		     const struct query_token *value, struct query_range *ret_range);
/* Whether the range has it; now_sec is for ages. */
bool query_range_has(const struct query_range *r, double v, double now_sec);
/* "AA:BB:CC:DD:EE:FF", "AA:BB:CC", "AA:BB:CC:00:00:00/24", "AA:BB:CC:00:00:00/FF:FF:FF:00:00:00"; false for others. */
bool query_address_read(const char *text, struct mac_mask *ret_mask);
/* Whether a value of a channel is read as numbers. */
bool query_is_number(const struct query_token *value);
