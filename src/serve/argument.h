/* The arguments of commands, as rows for routes (decision 22). */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct request;

/* What a member of a command has to be, wherever a route takes it. null counts as absent. */
enum argument_type {
	ARGUMENT_NAME,    /* a text */
	ARGUMENT_TEXT,    /* a text or a number, which is then its text */
	ARGUMENT_NUMBER,  /* a number or the text of one */
	ARGUMENT_WHOLE,   /* without a fraction */
	ARGUMENT_TRUTH,   /* true or false, 1 or 0 */
	ARGUMENT_ADDRESS, /* AA:BB:CC:DD:EE:FF; "" is none */
	ARGUMENT_LIST,
	ARGUMENT_TEXTS, /* a list of ARGUMENT_TEXT */
	ARGUMENT_OBJECT,
	ARGUMENT_ANY, /* the handler says what */
};
struct argument {
	const char *name;
	uint8_t type; /* enum argument_type */
	bool needed;
	const char *doc;
	const char *unless; /* the member that makes this one mean nothing; NULL: none */
};
/* The type in words, "a list of texts". */
const char *argument_words(enum argument_type type);

/* For serve itself. 400, with rq->sentence, when the command's arguments are not those of its route; 0. */
unsigned arguments_refuse(struct request *rq);
