/* The smallest helper: it makes beacons up, so that a server can be tried without a radio, and
 * shows what a helper has to have. Its definition is example:name=x,rate=100 (beacons a second). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "helper.h"

#define DLT_IEEE802_11 105

struct example {
	double rate;
	uint32_t n;
	_Atomic int channel;
};

static int probe(void *ctx, const struct definition *d, struct helper_opened *ret,
		 char error[HELPER_ERROR_SIZE])
{
	uint8_t six[6] = {2};

	(void) ctx;
	if (strncmp(d->interface, "example", 7) != 0) {
		(void) snprintf(error, HELPER_ERROR_SIZE,
				"Its interface is 'example', and what follows it");
		return -1;
	}
	memcpy(six + 1, d->interface + 7, strnlen(d->interface + 7, 5));
	helper_uuid("example", six, ret->uuid);
	(void) strcpy(ret->channels, "1,6,11");
	return 0;
}

static int open_it(void *ctx, const struct definition *d, struct helper_opened *ret,
		   char error[HELPER_ERROR_SIZE])
{
	struct example *e = ctx;
	const char *rate = definition_get(d, "rate");

	e->rate = rate ? strtod(rate, NULL) : 10;
	ret->dlt = DLT_IEEE802_11;
	(void) snprintf(ret->capture, sizeof(ret->capture), "%.60s", d->interface);
	return e->rate > 0 ? probe(ctx, d, ret, error)
			   : (strcpy(error, "rate= is beacons a second"), -1);
}

static int tune(void *ctx, const char *channel, char error[HELPER_ERROR_SIZE])
{
	struct example *e = ctx;
	int n = atoi(channel);

	if (n < 1 || n > 14)
		return (void) snprintf(error, HELPER_ERROR_SIZE, "There is no channel '%.20s'",
				       channel),
		       HELPER_REFUSED;
	e->channel = n;
	return HELPER_TUNED;
}

static void capture(void *ctx, struct helper *h)
{
	struct example *e = ctx;
	uint8_t f[] = "\x80\0\0\0\xff\xff\xff\xff\xff\xff\2\0\0\0\0\0\2\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
		      "\0\x64\0\1\4\0\7example\3\1\6";
	uint64_t due = clock_monotonic_us(), now;

	while (!helper_stopping(h)) {
		f[15] = f[21] = (uint8_t) (e->n++ % 200);
		f[sizeof(f) - 2] = (uint8_t) e->channel;
		helper_packet(h, &(struct helper_packet){.data = f,
							 .size = sizeof(f) - 1,
							 .length = sizeof(f) - 1,
							 .dlt = DLT_IEEE802_11,
							 .time_us = clock_server_us(),
							 .has_signal = true,
							 .signal_dbm = -50,
							 .freq_khz = 2407000 +
								     5000 * (uint32_t) e->channel});
		due += (uint64_t) (1e6 / e->rate);
		while ((now = clock_monotonic_us()) < due && !helper_stopping(h))
			(void) nanosleep(
				&(struct timespec){.tv_nsec = 1000 * (long) (due - now < 200000
										     ? due - now
										     : 200000)},
				NULL);
	}
}

int main(int argc, char **argv)
{
	static const struct helper_kind kind = {.type = "example",
						.probe = probe,
						.open = open_it,
						.tune = tune,
						.capture = capture};
	struct example e = {.channel = 6};

	return helper_main(argc, argv, &kind, &e);
}
