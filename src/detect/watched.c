#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "detect/watched.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/limit.h"
#include "base/mem.h"
#include "detect/detector.h"
#include "detect/detector_state.h"
#include "track/change.h"
#include "track/read.h"

unsigned watched_add(struct detector *d, const struct detector_conf *conf, uint8_t bits)
{
	const char *name = bits == WATCH_FOUND ? "devicefound" : "devicelost";
	const struct string_list *texts = bits == WATCH_FOUND ? &conf->found : &conf->lost;
	unsigned errors = 0;

	for (size_t i = 0; i < texts->n; i++) {
		const char *text = texts->items[i];
		struct mac_mask mask;

		if (mac_mask_parse(text, strlen(text), &mask) < 0)
			errors += detector_fault(conf, name, text, "it is neither an address nor ADDRESS/MASK");
		else if (detector_watch(d, &mask, bits, true) < 0)
			errors += detector_fault(conf, name, text, "there are too many");
	}
	return errors;
}

int detector_watch(struct detector *d, const struct mac_mask *mac, uint8_t bits, bool add)
{
	struct watched_mac *w = NULL;
	int r = 0;

	(void) pthread_mutex_lock(&d->watch_lock);
	for (uint32_t i = 0; i < d->n_watched && !w; i++)
		if (mac_mask_equal(&d->watched[i].mac, mac))
			w = &d->watched[i];
	if (!w && add) {
		if (d->n_watched == WATCHED_MAX)
			r = ERR_LIMIT;
		else
			*(w = &d->watched[d->n_watched++]) = (struct watched_mac){.mac = *mac};
	}
	if (w && add)
		w->bits |= bits;
	else if (w)
		w->bits &= (uint8_t) ~bits;
	if (w && !w->bits)
		*w = d->watched[--d->n_watched];
	d->looked_sec = 0; /* also devices that are there already */
	(void) pthread_mutex_unlock(&d->watch_lock);
	return r;
}

uint32_t detector_watched(struct detector *d, uint8_t bits, struct mac_mask *ret, uint32_t max)
{
	uint32_t n = 0;

	(void) pthread_mutex_lock(&d->watch_lock);
	for (uint32_t i = 0; i < d->n_watched && n < max; i++)
		if ((d->watched[i].bits & bits) == bits)
			ret[n++] = d->watched[i].mac;
	(void) pthread_mutex_unlock(&d->watch_lock);
	return n;
}

/* What is watched of that address. Under watch_lock. */
static uint8_t bits_of(const struct detector *d, const struct mac *mac)
{
	uint8_t bits = 0;

	for (uint32_t i = 0; i < d->n_watched; i++)
		if (mac_matches(mac, &d->watched[i].mac))
			bits |= d->watched[i].bits;
	return bits;
}

/* The devices of one slice that may be watched. */
struct slice {
	const struct detector *d;
	struct watched_device found[TRACK_VISIT];
	uint32_t n;
};

static void take_watched(void *ctx, const struct device *x, struct device_handle h)
{
	struct slice *s = ctx;
	uint8_t bits = bits_of(s->d, &x->key.mac);

	(void) h;
	if (bits && s->n < ARRAY_SIZE(s->found))
		s->found[s->n++] = (struct watched_device){.key = x->key, .bits = bits, .last_sec = x->mod_sec};
}

static void report_watched(struct detector *d, const char *name, const struct key *key, bool found)
{
	struct alert a = {.channel = "0", .source = key->mac, .offender = key->mac, .device = *key, .has_device = true};
	char text[MAC_TEXT_SIZE];
	int n = alerts_find(d->alerts, name);

	mac_format(&key->mac, text);
	(void) snprintf(a.text, sizeof(a.text),
			found ? "The device %s was seen" : "The device %s has not been seen for more than %u seconds",
			text, d->lost_timeout_sec);
	if (n >= 0 && alerts_raise(d->alerts, n, &a, 0))
		(void) tracker_count_alert(d->tracker, key, UINT16_MAX, 0);
}

static struct watched_device *device_of(struct detector *d, const struct key *key)
{
	for (uint32_t i = 0; i < d->n_devices; i++)
		if (key_equal(&d->devices[i].key, key))
			return &d->devices[i];
	if (limit_full(LIMIT_WATCHED, d->n_devices))
		return NULL;
	if ((d->n_devices & (d->n_devices - 1)) == 0) /* full at each power of two */
		xgrow(d->devices, d->n_devices ? d->n_devices * 2 : 1);
	d->devices[d->n_devices] = (struct watched_device){.key = *key};
	return &d->devices[d->n_devices++];
}

static void seen(struct detector *d, const struct watched_device *now)
{
	struct watched_device *w = device_of(d, &now->key);

	if (!w)
		return;
	if ((now->bits & WATCH_FOUND) &&
	    (!w->last_sec || clock_since(now->last_sec, w->last_sec) > d->found_timeout_sec))
		report_watched(d, "DEVICEFOUND", &w->key, true);
	if (now->last_sec > w->last_sec)
		w->last_sec = now->last_sec;
	w->bits = now->bits;
}

/* Devices that changed since the last look. */
static void look_for_devices(struct detector *d, uint32_t server_sec)
{
	struct tracker_walk walk = {.view = -1};
	bool more = true;

	(void) pthread_mutex_lock(&d->watch_lock);
	walk.since_sec = d->looked_sec > server_sec ? 0 : d->looked_sec;
	d->looked_sec = server_sec;
	(void) pthread_mutex_unlock(&d->watch_lock);
	while (more) {
		struct slice s = {.d = d};

		(void) pthread_mutex_lock(&d->watch_lock);
		more = tracker_visit(d->tracker, &walk, take_watched, &s);
		(void) pthread_mutex_unlock(&d->watch_lock);
		for (uint32_t i = 0; i < s.n; i++)
			seen(d, &s.found[i]);
	}
}

static void look_for_lost(struct detector *d, uint32_t server_sec)
{
	for (uint32_t i = 0; i < d->n_devices; i++) {
		struct watched_device *w = &d->devices[i];
		bool lost;

		if (w->last_sec > server_sec) /* the clock was set back */
			w->last_sec = server_sec;
		lost = clock_since(server_sec, w->last_sec) > d->lost_timeout_sec;
		if (lost && w->here && (w->bits & WATCH_LOST))
			report_watched(d, "DEVICELOST", &w->key, false);
		w->here = !lost;
	}
}

/* Removes what is no longer watched; the bits follow what is watched now. */
static void prune_unwatched(struct detector *d)
{
	(void) pthread_mutex_lock(&d->watch_lock);
	for (uint32_t i = 0; i < d->n_devices; i++) {
		d->devices[i].bits = bits_of(d, &d->devices[i].key.mac);
		if (!d->devices[i].bits)
			d->devices[i--] = d->devices[--d->n_devices];
	}
	(void) pthread_mutex_unlock(&d->watch_lock);
}

void detector_tick(struct detector *d, uint32_t server_sec)
{
	bool anything;

	(void) pthread_mutex_lock(&d->watch_lock);
	anything = d->n_watched > 0;
	(void) pthread_mutex_unlock(&d->watch_lock);
	if (!anything && !d->n_devices)
		return;
	prune_unwatched(d);
	look_for_devices(d, server_sec);
	look_for_lost(d, server_sec);
}
