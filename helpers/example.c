/* The smallest helper: it makes beacons up, so that a server can be tried without a radio, and
 * shows what a helper has to have. Its definition is example:name=x,rate=100 (beacons a second). */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "helper.h"
#include "main.h"

struct example {
	double rate;
	uint32_t n;
	_Atomic int channel;
};

static int list(void *ctx, struct helper_interface *ret, unsigned max)
{
	(void) ctx;
	(void) strcpy(ret->name, "example");
	return max > 0;
}

static int probe(void *ctx, const struct definition *d, struct helper_opened *ret, char error[HELPER_ERROR_SIZE])
{
	uint8_t six[6] = {2};

	(void) ctx;
	if (strncmp(d->interface, "example", 7) != 0)
		return helper_refuse(error, "The interface has to be 'example', or begin with it"), -1;
	memcpy(six + 1, d->interface + 7, strnlen(d->interface + 7, 5));
	helper_uuid("example", six, ret->uuid);
	(void) strcpy(ret->channels, "1,6,11");
	return 0;
}

static int open_it(void *ctx, const struct definition *d, struct helper_opened *ret, char error[HELPER_ERROR_SIZE])
{
	struct example *e = ctx;
	const char *rate = definition_get(d, "rate");

	e->rate = rate ? strtod(rate, NULL) : 10;
	ret->dlt = 105; /* LINKTYPE_IEEE802_11 */
	return e->rate > 0 ? probe(ctx, d, ret, error)
			   : (helper_refuse(error, "rate= takes the number of beacons a second"), -1);
}

static int tune(void *ctx, const char *channel, char error[HELPER_ERROR_SIZE])
{
	int n = atoi(channel);

	if (n < 1 || n > 14)
		return helper_refuse(error, "There is no channel '%.20s'", channel), HELPER_REFUSED;
	((struct example *) ctx)->channel = n;
	return HELPER_TUNED;
}

static void capture(void *ctx, struct helper *h)
{
	struct example *e = ctx;
	uint8_t f[] = "\x80\0\0\0\xff\xff\xff\xff\xff\xff\2\0\0\0\0\0\2\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
		      "\0\0\x64\0\1\4"
		      "\0\7example\3\1\6";

	for (uint64_t due = clock_monotonic_us(); !helper_stopping(h); helper_wait(h, due)) {
		f[15] = f[21] = (uint8_t) (e->n++ % 200);
		f[sizeof(f) - 2] = (uint8_t) e->channel;
		helper_packet(h, &(struct helper_packet){.data = f,
							 .size = sizeof(f) - 1,
							 .length = sizeof(f) - 1,
							 .dlt = 105,
							 .time_us = clock_server_us(),
							 .has_signal = true,
							 .signal_dbm = -50,
							 .freq_khz = 2407000 + 5000 * (uint32_t) e->channel});
		due += (uint64_t) (1e6 / e->rate);
	}
}

int main(int argc, char **argv)
{
	static const struct helper_kind kind = {"example",       .list = list, .probe = probe,
						.open = open_it, .tune = tune, .capture = capture};

	return helper_main(argc, argv, &kind, &(struct example){.channel = 6});
}
