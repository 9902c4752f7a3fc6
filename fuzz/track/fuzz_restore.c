/* Any octets as the record of a device, and of an alert: what is taken is written as JSON that is taken again, and
 * shows the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "detect/alert.h"
#include "field/write.h"
#include "phy/dot11/dot11.h"
#include "phy/dot11/options.h"
#include "phy/phys.h"
#include "track/read.h"
#include "track/restore.h"
#include "track/tracker.h"

#define SERVER_SEC 2000000000u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct tracker *start(void)
{
	struct dot11_conf dot11 = {0};
	struct track_conf conf = {.phys = built_in_phys, .phy_conf = {[PHY_DOT11] = &dot11}};
	struct tracker *t;

	option_table_default(&track_options, &conf);
	option_table_default(&dot11_options, &dot11);
	conf.oui_file = "/nowhere";
	dot11.keep_elements = true;
	t = tracker_create(&conf);
	option_table_clear(&dot11_options, &dot11);
	return t;
}

/* The only device of the model; its text is empty when there is none. */
static void write(struct tracker *t, bool state, struct buf *out)
{
	struct arena arena = {0};
	struct tracker_walk walk = {.view = -1, .arena = &arena};
	struct field_ctx ctx = {.now_us = SERVER_SEC * UINT64_C(1000000),
				.model_now = SERVER_SEC,
				.arena = &arena,
				.context = tracker_context(t),
				.state = state};
	struct device *devices[TRACK_SLICE];
	struct device_handle handles[TRACK_SLICE];

	if (tracker_next(t, &walk, devices, handles))
		field_write(out, &device_table, devices[0], FIELD_FORMAT_JSON, &ctx);
	arena_finish(&arena);
}

static void device(const uint8_t *data, size_t size)
{
	struct tracker *first = start(), *second = start();
	struct buf state = {0}, was = {0}, is = {0};

	if (tracker_restore(first, (const char *) data, size, SERVER_SEC) >= 0) {
		write(first, true, &state);
		write(first, false, &was);
		if (tracker_restore(second, state.p, state.len, SERVER_SEC) < 0)
			abort();
		write(second, false, &is);
		if (was.len != is.len || memcmp(was.p, is.p, is.len) != 0)
			abort();
	}
	buf_finish(&state);
	buf_finish(&was);
	buf_finish(&is);
	tracker_destroy(first);
	tracker_destroy(second);
}

static void alert(const uint8_t *data, size_t size)
{
	char error[JSON_IN_ERROR_SIZE];
	struct json_in *v = json_in_read((const char *) data, size, error);
	struct alert *a = malloc(sizeof(*a));

	(void) alert_load(v, a);
	free(a);
	json_in_free(v);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct alerts *prepared;

	if (!prepared)
		prepared = alerts_create(1, NULL); /* makes the tables of alerts ready */
	device(data, size);
	alert(data, size);
	return 0;
}
