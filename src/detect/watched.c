/* Devices whose coming and going is told: devicefound= and devicelost=. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "detect/detector_state.h"

unsigned watched_add(struct detector *d, const char *const *texts, uint8_t bits)
{
	unsigned errors = 0;

	for (; texts && *texts; texts++) {
		struct mac mac;

		if (mac_parse(*texts, strlen(*texts), &mac) >= 0 && detector_watch(d, &mac, bits, true) >= 0)
			continue;
		log_write(LOG_LEVEL_ERROR, "%s=%.40s is no address", bits == WATCH_FOUND ? "devicefound" : "devicelost",
			  *texts);
		errors++;
	}
	return errors;
}

int detector_watch(struct detector *d, const struct mac *mac, uint8_t bits, bool add)
{
	struct watched_mac *w = NULL;
	int r = 0;

	(void) pthread_mutex_lock(&d->watch_lock);
	for (uint32_t i = 0; i < d->n_watched && !w; i++)
		if (mac_equal(&d->watched[i].mac, mac))
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
	(void) pthread_mutex_unlock(&d->watch_lock);
	return r;
}

uint32_t detector_watched(struct detector *d, uint8_t bits, struct mac *ret, uint32_t max)
{
	uint32_t n = 0;

	(void) pthread_mutex_lock(&d->watch_lock);
	for (uint32_t i = 0; i < d->n_watched && n < max; i++)
		if ((d->watched[i].bits & bits) == bits)
			ret[n++] = d->watched[i].mac;
	(void) pthread_mutex_unlock(&d->watch_lock);
	return n;
}

/* The server second in which any phy's device of that address changed last; 0: there is none. */
static uint32_t last_change(struct detector *d, const struct mac *mac, struct key *ret_key)
{
	struct device_handle handles[32];
	struct arena arena = {0};
	uint32_t n = tracker_find_mac(d->tracker, mac, handles, ARRAY_SIZE(handles)), last = 0;

	for (uint32_t i = 0; i < n; i++) {
		struct device *x = tracker_fetch(d->tracker, handles[i], &arena);

		if (x && x->mod_sec >= last) {
			last = x->mod_sec;
			*ret_key = x->key;
		}
	}
	arena_finish(&arena);
	return last;
}

static void tell_watched(struct detector *d, const char *name, const struct watched_mac *w, const struct key *key,
			 bool found)
{
	struct alert a = {.channel = "0", .source = w->mac, .device = *key, .has_device = true};
	char text[MAC_TEXT_SIZE];
	int n = alerts_find(d->alerts, name);

	mac_format(&w->mac, text);
	(void) snprintf(a.text, sizeof(a.text),
			found ? "The device %s is there" : "The device %s has not been heard for more than %u seconds",
			text, d->lost_timeout_sec);
	if (n >= 0 && alerts_raise(d->alerts, n, &a, 0))
		(void) tracker_count_alert(d->tracker, key, 0);
}

void detector_tick(struct detector *d, uint32_t server_sec)
{
	for (uint32_t i = 0;; i++) {
		struct watched_mac w;
		struct key key = {0};
		uint32_t last;
		bool lost;

		(void) pthread_mutex_lock(&d->watch_lock);
		if (i >= d->n_watched) {
			(void) pthread_mutex_unlock(&d->watch_lock);
			return;
		}
		w = d->watched[i];
		(void) pthread_mutex_unlock(&d->watch_lock);
		last = last_change(d, &w.mac, &key);
		if (last && (!w.last_sec || clock_since(last, w.last_sec) > d->found_timeout_sec) &&
		    (w.bits & WATCH_FOUND))
			tell_watched(d, "DEVICEFOUND", &w, &key, true);
		lost = !last || clock_since(server_sec, last) > d->lost_timeout_sec;
		if (lost && w.here && (w.bits & WATCH_LOST))
			tell_watched(d, "DEVICELOST", &w, &key, false);
		(void) pthread_mutex_lock(&d->watch_lock);
		if (i < d->n_watched && mac_equal(&d->watched[i].mac, &w.mac)) {
			d->watched[i].here = !lost;
			d->watched[i].last_sec = last ? last : w.last_sec;
		}
		(void) pthread_mutex_unlock(&d->watch_lock);
	}
}
