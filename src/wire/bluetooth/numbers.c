/* Names by assigned numbers. */
#include "wire/bluetooth/numbers.h"

const char *number_name(const struct number *rows, size_t n, uint16_t number)
{
	size_t from = 0;

	while (from < n) {
		size_t middle = from + (n - from) / 2;

		if (rows[middle].number == number)
			return rows[middle].name;
		if (rows[middle].number < number)
			from = middle + 1;
		else
			n = middle;
	}
	return NULL;
}
