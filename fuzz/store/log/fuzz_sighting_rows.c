/* Any values as the row of a sighting: what is taken is written and read again without a difference. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "phy/phys.h"
#include "store/log/sighting_rows.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A kind, a length and so many octets make a value. */
static void bind_any(sqlite3_stmt *s, int at, const uint8_t **data, size_t *size)
{
	uint8_t kind = *size > 0 ? (*data)[0] % 5 : 0;
	size_t n = *size > 1 ? (*data)[1] % 48 : 0;
	int64_t number = 0;
	double real = 0;

	*data += *size > 1 ? 2 : *size;
	*size -= *size > 1 ? 2 : *size;
	if (n > *size)
		n = *size;
	memcpy(&number, *data, n < sizeof(number) ? n : sizeof(number));
	memcpy(&real, *data, n < sizeof(real) ? n : sizeof(real));
	if (kind == 1)
		(void) sqlite3_bind_int64(s, at, number);
	else if (kind == 2)
		(void) sqlite3_bind_double(s, at, real);
	else if (kind == 3)
		(void) sqlite3_bind_text(s, at, (const char *) *data, (int) n, SQLITE_TRANSIENT);
	else if (kind == 4)
		(void) sqlite3_bind_blob(s, at, *data, (int) n, SQLITE_TRANSIENT);
	*data += n;
	*size -= n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static sqlite3 *db;
	struct sighting x, back;
	sqlite3_stmt *s;

	if (!db && sqlite3_open(":memory:", &db) != SQLITE_OK)
		abort();
	if (sqlite3_prepare_v2(db, "SELECT " SIGHTING_VALUES, -1, &s, NULL) != SQLITE_OK)
		abort();
	for (int i = 1; i <= SIGHTING_COLUMN_COUNT; i++)
		bind_any(s, i, &data, &size);
	if (sqlite3_step(s) != SQLITE_ROW)
		abort();
	if (sighting_read(s, 0, &x) && x.phy < PHYS_BUILT_IN) {
		(void) sqlite3_reset(s);
		(void) sqlite3_clear_bindings(s);
		sighting_bind(s, &x, phys_name(x.phy));
		if (sqlite3_step(s) != SQLITE_ROW || !sighting_read(s, 0, &back))
			abort();
		x.signal_mean = back.signal_mean; /* rounded */
		if (memcmp(&x, &back, sizeof(x)) != 0)
			abort();
	}
	(void) sqlite3_finalize(s);
	return 0;
}
