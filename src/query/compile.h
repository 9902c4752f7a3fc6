/* An expression compiled to a flat program, and what a walk may ask of columns before it looks at a record.
 *
 *   type:ap channel:6 signal>-60 seen<10m ssid:/^corp/ (crypt:wep or crypt:open) not vendor:apple
 *
 * Its manual is in doc/query.md. Compiling looks at nothing but the tables of the record; a program never changes
 * afterwards, besides query_other_bind(). */
#pragma once
#include "query/error.h"
#include "query/names.h"

struct query_program;

/* The program of n octets of text, or NULL with ret_error. now_sec: server time, which "03:00" is of. Any thread. */
struct query_program *query_compile(const struct query_record *record, const char *text, size_t n, uint64_t now_sec,
				    struct query_error *ret_error);
void query_program_destroy(struct query_program *p);
const struct query_record *query_program_record(const struct query_program *p);
/* How dear a record is, in tests: who holds a lock looks at fewer records at once. */
uint32_t query_program_weight(const struct query_program *p);

/* Whether it compares with regular expressions, whose cost only a request's budget bounds. */
bool query_program_is_dear(const struct query_program *p);

/* Whether it looks at what takes a lock: such a program asks copies alone. */
bool query_program_locks(const struct query_program *p);

/* Seconds of a column outside which nothing matches. */
struct query_bound {
	double least, most;
};
struct query_bound query_program_bound(const struct query_program *p, enum query_column column);
/* The view in which everything is that matches; NULL: the expression names none. */
const char *query_program_view(const struct query_program *p);

/* Tests that other records answer ("alert:DEAUTH*" of devices): how many, of which records, and whether one of these
 * records is meant. */
size_t query_others(const struct query_program *p);
const char *query_other_record(const struct query_program *p, size_t i);
bool query_other_matches(const struct query_program *p, size_t i, const char *text, size_t n);
/* The answer: addresses that those records name. Copied. Before the program runs. */
void query_other_bind(struct query_program *p, size_t i, const uint64_t *addresses, size_t n);
