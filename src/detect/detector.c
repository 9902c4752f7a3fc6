#include "detect/detector.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/json_out.h"
#include "base/log.h"
#include "base/mem.h"
#include "detect/rules.h"

#define FRAME_KINDS 18
#define SIGHTS 5
#define RULES_OF_KIND 32

struct watched_mac {
	struct mac mac;
	uint8_t bits;
	bool here;
};

struct detector {
	struct alerts *alerts;
	struct tracker *tracker;
	struct detector_conf conf;
	struct rule_settings settings;
	int *definition; /* by rule */
	/* Rules that are on, by sight and kind of frame. */
	uint8_t on[SIGHTS][FRAME_KINDS][RULES_OF_KIND], n_on[SIGHTS][FRAME_KINDS];
	pthread_mutex_t lock; /* of what is watched */
	struct watched_mac *watched;
	uint32_t n_watched;
};

static unsigned add_ssid_rules(struct detector *d, const char *const *texts, bool canary)
{
	unsigned errors = 0;

	for (; texts && *texts; texts++) {
		struct rule_settings *s = &d->settings;
		char reason[REGEX_ERROR_SIZE];

		if (s->n_ssid_rules == SSID_RULES_MAX)
			return errors + 1;
		xgrow(s->ssid_rules, s->n_ssid_rules + 1);
		if (ssid_rule_parse(*texts, canary, &s->ssid_rules[s->n_ssid_rules], reason)) {
			s->n_ssid_rules++;
			continue;
		}
		log_write(LOG_LEVEL_ERROR, "%s=%.100s: %s", canary ? "ssidcanary" : "apspoof", *texts,
			  reason);
		errors++;
	}
	return errors;
}

static unsigned add_watched(struct detector *d, const char *const *texts, uint8_t bits)
{
	unsigned errors = 0;

	for (; texts && *texts; texts++) {
		struct mac mac;

		if (mac_parse(*texts, strlen(*texts), &mac) >= 0 &&
		    detector_watch(d, &mac, bits, true) >= 0)
			continue;
		log_write(LOG_LEVEL_ERROR, "%s=%.40s is no address",
			  bits == WATCH_FOUND ? "devicefound" : "devicelost", *texts);
		errors++;
	}
	return errors;
}

static int define(struct alerts *alerts, const struct rule *r)
{
	struct alert_definition def = {.severity = r->severity, .phy = r->fn ? 0 : UINT32_MAX};

	if (!r->alert_class)
		return alerts_find(alerts, r->name);
	(void) snprintf(def.name, sizeof(def.name), "%s", r->name);
	(void) snprintf(def.alert_class, sizeof(def.alert_class), "%s", r->alert_class);
	(void) snprintf(def.description, sizeof(def.description), "%s", r->description);
	(void) rate_parse(r->limit, &def.throttle.limit);
	(void) rate_parse(r->burst, &def.throttle.burst);
	return alerts_define(alerts, &def);
}

struct detector *detector_create(const struct detector_conf *conf, struct alerts *alerts,
				 struct tracker *tracker, unsigned *errors)
{
	struct detector *d = xnew(struct detector, 1);

	(void) pthread_mutex_init(&d->lock, NULL);
	d->alerts = alerts;
	d->tracker = tracker;
	d->conf = *conf;
	d->settings.max_signal = conf->max_signal;
	d->definition = xnew(int, rule_count);
	d->watched = xnew(struct watched_mac, WATCHED_MAX);
	field_prepare(&watch_table);
	device_add_part(WATCH_PART, &watch_table, NULL);
	for (size_t i = 0; i < rule_count; i++)
		d->definition[i] = define(alerts, &rules[i]);
	*errors += add_ssid_rules(d, conf->apspoof, false);
	*errors += add_ssid_rules(d, conf->ssidcanary, true);
	*errors += add_watched(d, conf->found, WATCH_FOUND);
	*errors += add_watched(d, conf->lost, WATCH_LOST);
	return d;
}

void detector_destroy(struct detector *d)
{
	if (!d)
		return;
	for (uint32_t i = 0; i < d->settings.n_ssid_rules; i++)
		regex_free(d->settings.ssid_rules[i].ssid);
	free(d->settings.ssid_rules);
	free(d->definition);
	free(d->watched);
	(void) pthread_mutex_destroy(&d->lock);
	free(d);
}

static unsigned kind_of(const struct frame *f)
{
	if (f->type == FRAME_MANAGEMENT)
		return f->subtype;
	return f->have & FRAME_HAS_EAPOL ? 16 : 17;
}

static void see(void *ctx, const struct sighting *s, struct effects *effects)
{
	struct detector *d = ctx;
	struct look look = {&d->settings, s, s->frame};
	unsigned kind = kind_of(s->frame);

	for (uint8_t i = 0; i < d->n_on[s->sight][kind]; i++) {
		uint8_t n = d->on[s->sight][kind][i];
		const struct rule *r = &rules[n];
		struct effect e = {.what = n, .ssid = s->ssid, .frames = 1};

		if ((s->duplicate && !r->duplicates) || !r->fn(&look, &e))
			continue;
		if (s->device)
			e.device = s->device->key;
		effect_add(effects, e);
	}
}

/* What a name in braces stands for. */
static void tell_part(const struct detector *d, const char *name, size_t n, const struct frame *f,
		      const char *channel, const struct effect *e, struct buf *out)
{
	const struct {
		const char *name;
		const struct mac *mac;
	} macs[] = {{"bssid", &f->bssid}, {"source", &f->source}, {"dest", &f->destination}};
	char text[SSID_MAX * 6 + 1];

	for (size_t i = 0; i < ARRAY_SIZE(macs); i++) {
		if (n != strlen(macs[i].name) || memcmp(name, macs[i].name, n) != 0)
			continue;
		mac_format(macs[i].mac, text);
		buf_str(out, text);
		return;
	}
	if (n == 1)
		buf_printf(out, "%llu", (unsigned long long) (*name == 'a' ? e->a : e->b));
	else if (n == 4 && memcmp(name, "ssid", 4) == 0)
		buf_add(out, text, air_text(e->ssid.b, e->ssid.len, text, sizeof(text)));
	else if (n == 4 && memcmp(name, "rule", 4) == 0)
		buf_str(out, d->settings.ssid_rules[e->a].name);
	else
		buf_str(out, channel);
}

static void tell(const struct detector *d, const struct frame *f, const char *channel,
		 const struct effect *e, char ret_text[ALERT_TEXT_SIZE])
{
	const char *p = rules[e->what].text;
	struct buf b = {0};

	while (*p) {
		const char *end = *p == '{' ? strchr(p, '}') : NULL;

		if (end) {
			tell_part(d, p + 1, (size_t) (end - p) - 1, f, channel, e, &b);
			p = end + 1;
		} else {
			buf_char(&b, *p++);
		}
	}
	(void) snprintf(ret_text, ALERT_TEXT_SIZE, "%s", buf_text(&b));
	buf_finish(&b);
}

static void act(void *ctx, const struct packet *packet, const struct frame *f, const char *channel,
		const struct effect *e)
{
	struct detector *d = ctx;
	struct alert a = {.transmitter = f->bssid,
			  .source = f->source,
			  .destination = f->destination,
			  .device = e->device,
			  .has_device = !mac_is_zero(&e->device.mac),
			  .freq_khz = packet->radio.freq_khz,
			  .packet_time = (double) packet->time_us / 1e6,
			  .position = packet->position};
	double time = a.packet_time != 0 ? a.packet_time : 1e-6;

	if (!alerts_would_raise(d->alerts, d->definition[e->what], time))
		return;
	if (!a.has_device && !mac_is_zero(&f->source)) {
		a.device = (struct key){key_phy_hash("IEEE802.11"), f->source};
		a.has_device = true;
	}
	(void) snprintf(a.channel, sizeof(a.channel), "%s", *channel ? channel : "0");
	if (packet->radio.have & RADIO_HAS_SIGNAL)
		a.signal_dbm = packet->radio.signal_dbm;
	a.has_datasource = tracker_source_uuid(d->tracker, packet->source, &a.datasource);
	tell(d, f, channel, e, a.text);
	if (alerts_raise(d->alerts, d->definition[e->what], &a, time) && a.has_device)
		(void) tracker_count_alert(d->tracker, &a.device, (uint32_t) a.time);
}

static void turn_on(struct detector *d, uint8_t n)
{
	const struct rule *r = &rules[n];

	for (unsigned kind = 0; kind < FRAME_KINDS; kind++) {
		bool meant = r->frames >> kind & 1;

		if (kind == 16) /* key frames are data too */
			meant = r->frames & (ON_EAPOL | ON_DATA);
		if (meant && d->n_on[r->sight][kind] < RULES_OF_KIND)
			d->on[r->sight][kind][d->n_on[r->sight][kind]++] = n;
	}
}

static bool has_rule(const struct detector *d, bool canary)
{
	for (uint32_t i = 0; i < d->settings.n_ssid_rules; i++)
		if (d->settings.ssid_rules[i].canary == canary)
			return true;
	return false;
}

/* Rules about names are on when there are names. */
static bool is_needed(const struct detector *d, const struct rule *r)
{
	if (strcmp(r->name, "APSPOOF") == 0)
		return has_rule(d, false);
	if (strcmp(r->name, "SSIDCANARY") == 0)
		return has_rule(d, true);
	return true;
}

void detector_start(struct detector *d)
{
	for (size_t i = 0; i < rule_count; i++)
		if (rules[i].fn && alerts_enabled(d->alerts, d->definition[i]) && is_needed(d, &rules[i]))
			turn_on(d, (uint8_t) i);
	tracker_observe(d->tracker, &(struct observer){.see = see, .act = act, .ctx = d});
}

void detector_raise(struct detector *d, const char *name, const char *format, ...)
{
	int n = alerts_find(d->alerts, name);
	struct alert a = {.channel = "0"};
	va_list args;

	va_start(args, format);
	(void) vsnprintf(a.text, sizeof(a.text), format, args);
	va_end(args);
	if (n >= 0)
		(void) alerts_raise(d->alerts, n, &a, 0);
}

int detector_watch(struct detector *d, const struct mac *mac, uint8_t bits, bool add)
{
	struct watched_mac *w = NULL;
	int r = 0;

	(void) pthread_mutex_lock(&d->lock);
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
	(void) pthread_mutex_unlock(&d->lock);
	return r;
}

uint32_t detector_watched(struct detector *d, uint8_t bits, struct mac *ret, uint32_t max)
{
	uint32_t n = 0;

	(void) pthread_mutex_lock(&d->lock);
	for (uint32_t i = 0; i < d->n_watched && n < max; i++)
		if ((d->watched[i].bits & bits) == bits)
			ret[n++] = d->watched[i].mac;
	(void) pthread_mutex_unlock(&d->lock);
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

static void tell_watched(struct detector *d, const char *name, const struct watched_mac *w,
			 const struct key *key, bool found)
{
	struct alert a = {.channel = "0", .source = w->mac, .device = *key, .has_device = true};
	char text[MAC_TEXT_SIZE];
	int n = alerts_find(d->alerts, name);

	mac_format(&w->mac, text);
	(void) snprintf(a.text, sizeof(a.text), found ? "The device %s is there" :
			"The device %s has not been heard for more than %u seconds", text,
			d->conf.lost_timeout_sec);
	if (n >= 0 && alerts_raise(d->alerts, n, &a, 0))
		(void) tracker_count_alert(d->tracker, key, 0);
}

void detector_tick(struct detector *d, uint32_t server_sec)
{
	for (uint32_t i = 0;; i++) {
		struct watched_mac w;
		struct key key = {0};
		uint32_t last;
		bool here;

		(void) pthread_mutex_lock(&d->lock);
		if (i >= d->n_watched) {
			(void) pthread_mutex_unlock(&d->lock);
			return;
		}
		w = d->watched[i];
		(void) pthread_mutex_unlock(&d->lock);
		last = last_change(d, &w.mac, &key);
		here = last && server_sec - last <= (w.here ? d->conf.lost_timeout_sec :
							      d->conf.found_timeout_sec);
		if (here == w.here)
			continue;
		if (here && (w.bits & WATCH_FOUND))
			tell_watched(d, "DEVICEFOUND", &w, &key, true);
		if (!here && (w.bits & WATCH_LOST))
			tell_watched(d, "DEVICELOST", &w, &key, false);
		(void) pthread_mutex_lock(&d->lock);
		if (i < d->n_watched && mac_equal(&d->watched[i].mac, &w.mac))
			d->watched[i].here = here;
		(void) pthread_mutex_unlock(&d->lock);
	}
}
