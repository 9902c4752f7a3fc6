/* Any lines as those of a receiver: NMEA 0183 and the reports of a gpsd. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "locate/gpsd.h"
#include "locate/nmea.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must_be_on_earth(const struct position *p)
{
	if (p->fix >= POSITION_FIX_2D && !(p->lat >= -90 && p->lat <= 90 && p->lon >= -180 && p->lon <= 180))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nmea nmea = {0};
	struct gps_judge judge = {0};
	uint64_t now_us = 1;

	while (size) {
		const uint8_t *end = memchr(data, '\n', size);
		size_t n = end ? (size_t) (end - data) : size;
		char *line = malloc(n + 1); /* of its own, so that a sanitizer sees its end */
		struct gpsd_report report;

		memcpy(line, data, n);
		(void) nmea_read(&nmea, line, n);
		must_be_on_earth(&nmea.position);
		if (gpsd_read(line, n, &report) == GPSD_POSITION) {
			char why[GPS_DOUBT_SIZE];

			must_be_on_earth(&report.fix.position);
			(void) gps_judge(&judge, &report.fix,
					 now_us += report.fix.position.speed_kmh > 0 ? 100000 : 20000000, why);
		}
		free(line);
		n += end ? 1 : 0;
		data += n;
		size -= n;
	}
	return 0;
}
