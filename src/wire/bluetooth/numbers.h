/* Names by assigned numbers: tables sorted by number, searched in halves. */
#pragma once
#include <stddef.h>
#include <stdint.h>

struct number {
	uint16_t number;
	const char *name;
};

/* The name of the number among n rows; NULL: it has none. */
const char *number_name(const struct number *rows, size_t n, uint16_t number);
#define NUMBER_NAME(rows, number) number_name(rows, sizeof(rows) / sizeof((rows)[0]), number)
