/* Rules and frames: which rules are on, and what becomes of what they find. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "detect/detector.h"
#include "base/crc.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/quick.h"
#include "detect/detector_state.h"
#include "detect/rule_number.h"
#include "detect/alert_text.h"
#include "detect/watched.h"
#include "phy/phys.h"
#include "track/bounds.h"
#include "track/change.h"
#include "track/tracker.h"

unsigned detector_fault(const struct detector_conf *conf, const char *name, const char *value, const char *reason)
{
	if (conf->fault)
		return conf->fault(conf->fault_ctx, name, value, reason);
	log_write(LOG_LEVEL_ERROR, "%s=%.100s: %s", name, value, reason);
	return 1;
}

static unsigned add_ssid_rules(struct detector *d, const struct detector_conf *conf, bool canary)
{
	const struct string_list *texts = canary ? &conf->ssidcanary : &conf->apspoof;
	unsigned errors = 0;

	for (size_t i = 0; i < texts->n; i++) {
		struct rule_settings *s = &d->settings;
		char reason[REGEX_ERROR_SIZE];

		if (s->n_ssid_rules == SSID_RULES_MAX)
			return errors + 1;
		xgrow(s->ssid_rules, s->n_ssid_rules + 1);
		if (ssid_rule_parse(texts->items[i], canary, &s->ssid_rules[s->n_ssid_rules], reason)) {
			s->n_ssid_rules++;
			continue;
		}
		errors += detector_fault(conf, canary ? "ssidcanary" : "apspoof", texts->items[i], reason);
	}
	return errors;
}

static unsigned add_own(struct detector *d, const struct detector_conf *conf)
{
	struct rule_settings *s = &d->settings;
	unsigned errors = 0;

	for (size_t i = 0; i < conf->own_ssids.n && s->n_own_ssids < OWN_MAX; i++) {
		const char *text = conf->own_ssids.items[i];
		size_t n = strlen(text);

		xgrow(s->own_ssids, s->n_own_ssids + 1);
		if (n > 0 && n <= SSID_MAX) {
			s->own_ssids[s->n_own_ssids].len = (uint8_t) n;
			memcpy(s->own_ssids[s->n_own_ssids++].b, text, n);
			continue;
		}
		errors += detector_fault(conf, "own_ssid", text, "a name has at most 32 octets");
	}
	for (size_t i = 0; i < conf->own_bssids.n && s->n_own_bssids < OWN_MAX; i++) {
		const char *text = conf->own_bssids.items[i];

		xgrow(s->own_bssids, s->n_own_bssids + 1);
		if (mac_mask_parse(text, strlen(text), &s->own_bssids[s->n_own_bssids]) >= 0) {
			s->n_own_bssids++;
			continue;
		}
		errors += detector_fault(conf, "own_bssid", text, "it is neither an address nor ADDRESS/MASK");
	}
	return errors;
}

static unsigned set_numbers(struct detector *d, const struct detector_conf *conf)
{
	char reason[RULE_ERROR_SIZE];
	unsigned errors = 0;

	d->numbers = xnew(struct rule_numbers, rule_count);
	rule_numbers_read(d->numbers);
	for (size_t i = 0; i < conf->thresholds.n; i++)
		if (!rule_numbers_set(d->numbers, conf->thresholds.items[i], reason))
			errors += detector_fault(conf, "norn_alert_threshold", conf->thresholds.items[i], reason);
	return errors;
}

uint32_t rule_phy(const struct rule *r)
{
	if (!r->fn)
		return UINT32_MAX;
	return r->phy;
}

static int define(struct alerts *alerts, const struct rule *r, const struct rule_numbers *n)
{
	struct alert_definition def = {.severity = r->severity, .phy = rule_phy(r)};
	struct buf description = {0};

	if (!r->alert_class)
		return alerts_find(alerts, r->name);
	(void) snprintf(def.name, sizeof(def.name), "%s", r->name);
	(void) snprintf(def.alert_class, sizeof(def.alert_class), "%s", r->alert_class);
	rule_describe(r->description, n, &description);
	(void) snprintf(def.description, sizeof(def.description), "%s", buf_text(&description));
	buf_finish(&description);
	(void) rate_parse(r->limit, &def.throttle.limit);
	(void) rate_parse(r->burst, &def.throttle.burst);
	return alerts_define(alerts, &def);
}

struct detector *detector_create(const struct detector_conf *conf, struct alerts *alerts, struct tracker *tracker,
				 unsigned *errors)
{
	struct detector *d = xnew(struct detector, 1);

	(void) pthread_mutex_init(&d->watch_lock, NULL);
	(void) pthread_mutex_init(&d->names_lock, NULL);
	(void) pthread_mutex_init(&d->states_lock, NULL);
	d->alerts = alerts;
	d->tracker = tracker;
	d->found_timeout_sec = conf->found_timeout_sec;
	d->lost_timeout_sec = conf->lost_timeout_sec;
	d->settings.country_full = conf->country_full;
	d->settings.fingerprints = conf->fingerprints;
	d->settings.max_signal = conf->max_signal;
	d->definition = xnew(int, rule_count);
	d->watched = xnew(struct watched_mac, WATCHED_MAX);
	(void) device_add_part(RULE_STATE_PART, &rule_state_table);
	*errors += set_numbers(d, conf);
	for (size_t i = 0; i < rule_count; i++)
		d->definition[i] = define(alerts, &rules[i], &d->numbers[i]);
	*errors += add_ssid_rules(d, conf, false);
	*errors += add_ssid_rules(d, conf, true);
	*errors += add_own(d, conf);
	*errors += watched_add(d, conf, WATCH_FOUND);
	*errors += watched_add(d, conf, WATCH_LOST);
	return d;
}

void detector_destroy(struct detector *d)
{
	if (!d)
		return;
	for (uint32_t i = 0; i < d->settings.n_ssid_rules; i++)
		regex_free(d->settings.ssid_rules[i].ssid);
	free(d->settings.ssid_rules);
	free(d->numbers);
	free(d->definition);
	free(d->watched);
	free(d->devices);
	free(d->settings.own_ssids);
	free(d->settings.own_bssids);
	for (size_t i = 0; i < TRACK_SOURCES_MAX; i++)
		source_rule_state_free(d->sources[i]);
	names_destroy(d->names);
	(void) pthread_mutex_destroy(&d->watch_lock);
	(void) pthread_mutex_destroy(&d->names_lock);
	(void) pthread_mutex_destroy(&d->states_lock);
	free(d);
}

static unsigned kind_of(const struct rule_ctx *l)
{
	const struct frame *f = l->f;

	if (!f)
		return l->btle ? l->btle->pdu : 0;
	if (f->type == FRAME_MANAGEMENT || f->type == FRAME_CONTROL)
		return f->subtype;
	if (f->have & FRAME_HAS_EAPOL)
		return KIND_KEY;
	return f->ethertype ? KIND_DATA : KIND_OPAQUE;
}

static struct source_rule_state *source_of(struct detector *d, uint16_t source)
{
	if (source >= TRACK_SOURCES_MAX)
		return NULL;
	if (!d->sources[source])
		d->sources[source] = xnew(struct source_rule_state, 1);
	return d->sources[source];
}

/* What two sources saw is one; so is what a station sends again because it was not acknowledged. But a flood is one
 * frame sent again and again. */
static bool is_repeat(const struct rule_ctx *l, bool duplicates_count)
{
	return duplicates_count ? l->s->elsewhere || (l->f && l->f->retry) : l->s->duplicate;
}

/* What a frame says, but for numbers and elements that change all the time. */
static uint32_t content_of(const struct frame *f)
{
	return (unverified_sum(f) * 31 + f->subtype) * 31 + f->reason;
}

/* True for a rule that compares a network with what it said before. */
static bool compares(const struct rule *r)
{
	return r->observation == OBSERVED_NETWORK && r->when == WHEN_ALWAYS;
}

/* What a network said once cannot be held against what it says now: that frame may have been the damaged one. */
static bool is_unsettled(const struct rule_ctx *l, const struct rule *r)
{
	const struct unverified *u;

	if (!compares(r) || !l->dot11 || !l->dot11->record)
		return false;
	u = l->f->subtype == MGMT_BEACON ? &l->dot11->record->beacons_believed : &l->dot11->record->answers_believed;
	return u->run_before == 1;
}

/* A single frame may be damaged where no FCS shows it. */
static bool is_single(const struct rule_ctx *l, const struct effect *e)
{
	const struct rule *r = &rules[e->what];

	if (l->f && (l->f->have & FRAME_HAS_EAPOL) && r->observation != OBSERVED_FRAME)
		return false; /* it has a history */
	return l->source && l->f && (l->f->type == FRAME_MANAGEMENT || (l->f->have & FRAME_HAS_EAPOL)) &&
	       !l->packet->fcs_good && e->frames == 1 &&
	       (r->severity >= SEVERITY_HIGH || rule_definition(r)->severity >= SEVERITY_HIGH || r->when == WHEN_ODD) &&
	       r->when != WHEN_FRESH && r->when != WHEN_STATE && !r->judge && r->observation != OBSERVED_PROBED;
}

static void end_suspicion(struct source_rule_state *w, uint8_t n)
{
	w->suspicions[n] = w->suspicions[--w->n_suspicions];
	w->next_suspicion = w->n_suspicions;
}

/* True when the rule found the same in an earlier frame of the sender; else it is noted. */
static bool is_second(const struct rule_ctx *l, const struct effect *e)
{
	struct source_rule_state *w = l->source;
	struct suspicion *s;

	for (uint8_t i = 0; i < w->n_suspicions; i++) {
		s = &w->suspicions[i];
		if (s->effect.what != e->what || !mac_equal(&s->sender, &l->f->source))
			continue;
		if (s->packet == l->packet->number && s->time_us == l->packet->time_us)
			return false;
		if (compares(&rules[e->what]) ? s->content != content_of(l->f)
					      : l->f->type == FRAME_DATA && s->effect.a != e->a)
			continue;
		end_suspicion(w, i);
		return l->packet->time_us < s->time_us + SUSPICION_US;
	}
	if (w->next_suspicion >= SUSPICIONS)
		w->next_suspicion = 0;
	s = &w->suspicions[w->next_suspicion++];
	if (w->n_suspicions < SUSPICIONS)
		w->n_suspicions++;
	*s = (struct suspicion){.sender = l->f->source,
				.packet = l->packet->number,
				.time_us = l->packet->time_us,
				.content = content_of(l->f),
				.effect = *e};
	return false;
}

/* A network's frames are shown to rules when they change: what one found in a single frame is believed when the next
 * that says the same comes. */
static void confirm(const struct rule_ctx *l, struct effects *effects)
{
	struct source_rule_state *w = l->source;
	uint32_t content = w->n_suspicions ? content_of(l->f) : 0;

	for (uint8_t i = 0; i < w->n_suspicions; i++) {
		struct suspicion *s = &w->suspicions[i];

		if (s->content != content || !mac_equal(&s->sender, &l->f->source) ||
		    (s->packet == l->packet->number && s->time_us == l->packet->time_us))
			continue;
		if (l->packet->time_us < s->time_us + SUSPICION_US && !is_explained(l))
			effect_add(effects, s->effect);
		end_suspicion(w, i--);
	}
}

static void ask(const struct active_rule *on, uint8_t n, struct rule_ctx *rule_ctx, struct effects *effects)
{
	const struct observation *s = rule_ctx->s;
	const bool repeat[] = {is_repeat(rule_ctx, false), is_repeat(rule_ctx, true)};
	struct effect e; /* all members are set for each rule; octets behind a name are never read */

	if (repeat[0] && repeat[1])
		return;
	e.device = s->device ? s->device->key : (struct key){0};
	e.spoken_for = rule_ctx->dot11 && rule_ctx->dot11->of_profile;
	for (uint8_t i = 0; i < n; i++) {
		e.what = on[i].rule;
		e.a = e.b = e.first_us = 0;
		e.ssid.len = 0;
		e.frames = 1;
		rule_ctx->numbers = on[i].numbers;
		if (e.spoken_for && !rules[on[i].rule].profiles)
			continue;
		if (repeat[on[i].duplicates] || !on[i].fn(rule_ctx, &e))
			continue;
		if (rule_ctx->dot11 && !e.ssid.len)
			e.ssid = rule_ctx->dot11->ssid;
		if (!is_single(rule_ctx, &e) || (!is_unsettled(rule_ctx, &rules[e.what]) && is_second(rule_ctx, &e)))
			effect_add(effects, e);
	}
}

/* What the phy shows, as rules see it. */
static struct rule_ctx look_at(const struct detector *d, const struct observation *s)
{
	struct rule_ctx l = {.set = &d->settings, .s = s, .packet = s->packet};

	switch (s->phy) {
	case PHY_DOT11:
		l.f = s->frame;
		l.dot11 = s->shown;
		break;
	case PHY_BTLE: l.btle = s->shown; break;
	case PHY_BLUETOOTH: l.bluetooth = s->shown; break;
	}
	return l;
}

/* What a frame is for its link is found out once, for all rules. */
static void look_at_link(const struct observation *s, struct rule_ctx *l)
{
	if (l->source && !is_repeat(l, true))
		l->look = links_observe(&l->source->links, l->f, s->packet, s->duplicate);
}

/* Compares a packet with what the source knows of its sender and its station, once, before rules are asked. */
static void compare(struct source_rule_state *w, const struct packet *packet, const struct frame *f)
{
	uint64_t packet_id = packet->number ? packet->number : packet->time_us ^ (uint64_t) packet->hash << 32;

	if (w->packet == packet_id)
		return;
	w->packet = packet_id;
	w->match = f->type != FRAME_CONTROL || f->subtype == CONTROL_PS_POLL ? habits_learn(&w->habits, packet, f)
									     : (struct habit_match){0};
	if (f->type == FRAME_CONTROL)
		stations_skip(&w->stations);
	else
		stations_learn(&w->stations, packet, f, &w->match);
}

/* While a fuzzer is at work, its frames are no exploits of their own. */
static bool is_fuzzed(struct source_rule_state *w, uint64_t now_us)
{
	if (!w || !w->fuzzed_us || now_us > w->fuzzed_us + FUZZED_US || now_us < w->fuzzed_us)
		return false;
	w->fuzzed_us = now_us;
	return true;
}

/* Asks the rules of each 1 << enum rule_when in `now`. */
static void ask_due(const struct detector *d, unsigned now, unsigned column, unsigned kind, struct rule_ctx *l,
		    struct effects *effects)
{
	for (now &= d->whens[column][kind]; now; now &= now - 1) {
		unsigned when = (unsigned) __builtin_ctz(now);

		ask(d->on[when][column][kind], d->n_on[when][column][kind], l, effects);
	}
}

/* A network that does not transmit: rules that look at frames as such, or at transmitters, have seen this one. */
static void see_profile(const struct detector *d, struct rule_ctx *l, struct effects *effects)
{
	unsigned now = 1 << WHEN_ALWAYS | (unsigned) l->s->lasting << WHEN_STATE | (unsigned) l->s->fresh << WHEN_FRESH;

	if (l->s->observation == OBSERVED_NETWORK)
		ask_due(d, now, d->column[l->s->phy][l->s->observation], kind_of(l), l, effects);
	if (l->source && l->source->n_suspicions && l->s->observation == OBSERVED_BSSID)
		confirm(l, effects);
}

/* 1 << enum rule_when of the rules that care; `on`: of those that are on. */
static unsigned due(const struct observation *s, const struct rule_ctx *l, unsigned on)
{
	unsigned now = 1 << WHEN_ALWAYS;

	if (s->fresh)
		now |= 1 << WHEN_FRESH;
	if (s->fresh || s->lasting)
		now |= 1 << WHEN_STATE;
	if (l->look.events || !quick(QUICK_LINK_EVENTS))
		now |= 1 << WHEN_LINK;
	if ((on & 1 << WHEN_ODD) &&
	    (elements_are_odd(l->f) ? !is_fuzzed(l->source, s->packet->time_us) : !quick(QUICK_ODD_ELEMENTS)))
		now |= 1 << WHEN_ODD;
	return now;
}

static void see(void *ctx, const struct observation *s, struct effects *effects)
{
	struct detector *d = ctx;
	struct rule_ctx rule_ctx = look_at(d, s);
	unsigned kind = kind_of(&rule_ctx), column = d->column[s->phy][s->observation];

	rule_ctx.source = source_of(d, s->packet->source);
	if (rule_ctx.dot11 && rule_ctx.dot11->of_profile) {
		see_profile(d, &rule_ctx, effects);
		return;
	}
	if (rule_ctx.source && rule_ctx.f)
		compare(rule_ctx.source, s->packet, rule_ctx.f);
	if (s->phy == PHY_DOT11 && s->observation == OBSERVED_FRAME && d->links)
		look_at_link(s, &rule_ctx);
	ask_due(d, due(s, &rule_ctx, d->whens[column][kind]), column, kind, &rule_ctx, effects);
	if (rule_ctx.source && rule_ctx.source->n_suspicions && s->phy == PHY_DOT11 &&
	    s->observation == OBSERVED_BSSID && rule_ctx.f->type == FRAME_MANAGEMENT)
		confirm(&rule_ctx, effects);
}

static struct ssid ssid_of_frame(const struct frame *f)
{
	struct ssid s = {.len = (uint8_t) (f->ssid.left < SSID_MAX ? f->ssid.left : SSID_MAX)};

	if (s.len)
		memcpy(s.b, f->ssid.p, s.len);
	return s;
}

/* Runs the judgement of a rule that must not run under a lock of the model. */
static bool judge(struct detector *d, const struct rule *r, const struct packet *packet, const struct frame *f,
		  struct effect *e)
{
	struct rule_ctx rule_ctx = {.set = &d->settings, .numbers = &d->numbers[e->what], .f = f, .packet = packet};
	bool raise;

	if (r->scope != SCOPE_NAME)
		return r->judge(&rule_ctx, e);
	if (e->ssid.len == 0) /* a rule that saw no network */
		e->ssid = ssid_of_frame(f);
	(void) pthread_mutex_lock(&d->names_lock);
	rule_ctx.name = names_find(d->names, &e->ssid);
	rule_ctx.station = f->type == FRAME_MANAGEMENT ? name_learn(&rule_ctx) : NULL;
	raise = r->judge(&rule_ctx, e);
	(void) pthread_mutex_unlock(&d->names_lock);
	return raise;
}

/* Fills in what the alert takes from the frame. */
static void take_frame(const struct packet *packet, const struct effect *e, struct alert *a)
{
	a->transmitter = packet->bssid;
	a->source = mac_is_zero(&packet->sender) ? packet->transmitter : packet->sender; /* of control frames */
	a->destination = packet->destination;
	a->device = e->device;
	a->has_device = !mac_is_zero(&e->device.mac);
	if (!a->has_device) {
		const struct mac *mac = mac_is_zero(&a->source) ? &a->destination : &a->source;

		a->device = (struct key){key_phy_hash(phys_name(packet->phy)), *mac};
		a->has_device = !mac_is_zero(mac);
	}
	a->freq_khz = packet->radio.freq_khz;
	a->packet_time = (double) packet->time_us / 1e6;
	a->time = packet->live ? 0 : a->packet_time;
	a->first_time = e->first_us ? (double) e->first_us / 1e6 : a->packet_time;
	a->frames = e->frames;
	a->packet = packet->number;
	a->packet_hash = packet->hash;
	a->position = packet->position;
	if (packet->radio.have & RADIO_HAS_SIGNAL)
		a->signal_dbm = packet->radio.signal_dbm;
}

static struct mac offender_of(const struct rule *r, const struct packet *packet)
{
	switch ((enum rule_offender) r->offender) {
	case OFFENDER_NETWORK: return packet->bssid;
	case OFFENDER_RECEIVER: return packet->destination;
	case OFFENDER_NONE: return (struct mac){{0}};
	case OFFENDER_SENDER: break;
	}
	return mac_is_zero(&packet->sender) ? packet->transmitter : packet->sender;
}

/* Also when the alert is held back. */
static void tag(struct packet *packet, int definition)
{
	struct packet_tags *t = &packet->tags;

	for (uint8_t i = 0; i < t->n_alerts; i++)
		if (t->alerts[i] == definition)
			return;
	if (definition >= 0 && t->n_alerts < PACKET_ALERTS_MAX)
		t->alerts[t->n_alerts++] = (uint16_t) definition;
}

static uint32_t state_slot(int definition, const struct mac *offender, const struct ssid *ssid)
{
	uint64_t h = (mac_u64(offender) * 31 + crc_32(ssid->b, ssid->len)) * 31 + (uint64_t) definition;

	return (uint32_t) (h * UINT64_C(0x9e3779b97f4a7c15) >> 32);
}

/* True when the same was raised less than an hour ago: a state lasts, and one alert of it will do. */
static bool is_known_state(struct detector *d, uint32_t slot, double time)
{
	struct raised_state *s = &d->states[slot % STATES_MAX];
	bool known;

	(void) pthread_mutex_lock(&d->states_lock);
	known = s->slot == slot && s->time != 0 && time >= s->time && time - s->time < STATE_AGAIN_SEC;
	(void) pthread_mutex_unlock(&d->states_lock);
	return known;
}

static void know_state(struct detector *d, uint32_t slot, double time)
{
	(void) pthread_mutex_lock(&d->states_lock);
	d->states[slot % STATES_MAX] = (struct raised_state){slot, time};
	(void) pthread_mutex_unlock(&d->states_lock);
}

static void act_on(struct detector *d, struct packet *packet, const struct frame *f, const char *channel,
		   const struct effect *seen)
{
	const struct rule *r = &rules[seen->what];
	int definition = d->definition[seen->what];
	double time = packet->time_us ? (double) packet->time_us / 1e6 : 1e-6;
	struct effect e = *seen;
	struct alert a = {.offender = offender_of(r, packet)};
	uint32_t slot;

	if (r->judge && !judge(d, r, packet, f, &e))
		return;
	slot = state_slot(definition, &a.offender, &e.ssid);
	if (r->when == WHEN_STATE && is_known_state(d, slot, time))
		return;
	tag(packet, definition);
	if (quick(QUICK_HELD_BACK) && !alerts_would_raise(d->alerts, definition, &a.offender, time))
		return;
	take_frame(packet, &e, &a);
	(void) snprintf(a.channel, sizeof(a.channel), "%s", *channel ? channel : "0");
	a.has_datasource = tracker_source_uuid(d->tracker, packet->source, &a.datasource);
	detector_format(d, packet, channel, &e, a.text);
	if (!alerts_raise(d->alerts, definition, &a, time))
		return;
	if (r->when == WHEN_STATE)
		know_state(d, slot, time);
	packet->tags.raised = true;
	if (a.has_device)
		(void) tracker_count_alert(d->tracker, &a.device, packet->source, (uint32_t) a.raised_time);
}

static void act(void *ctx, struct packet *packet, const void *f, const char *channel, const struct effect *seen)
{
	struct packet own = *packet;

	if (!seen->spoken_for) {
		act_on(ctx, packet, f, channel, seen);
		return;
	}
	own.bssid = own.sender = own.transmitter = seen->device.mac;
	act_on(ctx, &own, f, channel, seen);
	packet->tags = own.tags;
}

static void turn_on(struct detector *d, uint8_t n)
{
	const struct rule *r = &rules[n];
	uint8_t *column = &d->column[r->phy][r->observation];

	if (*column == 0)
		*column = ++d->n_columns;
	for (unsigned kind = 0; kind < FRAME_KINDS; kind++) {
		uint8_t *count = &d->n_on[r->when][*column][kind];
		bool meant = r->frames >> kind & 1;

		if (kind == KIND_KEY) /* key frames are data too */
			meant = r->frames & (ON_EAPOL | ON_DATA);
		if (kind == KIND_OPAQUE)
			meant = (r->frames & ON_DATA) && (r->every_data || r->observation != OBSERVED_FRAME);
		if (!meant || *count == RULES_OF_KIND)
			continue;
		d->on[r->when][*column][kind][(*count)++] = (struct active_rule){
			.fn = r->fn, .numbers = &d->numbers[n], .rule = n, .duplicates = r->duplicates};
		d->whens[*column][kind] |= (uint8_t) (1 << r->when);
	}
	d->links |= r->links;
	if (r->scope == SCOPE_NAME && !d->names)
		d->names = names_create();
}

/* What the rule cares for, with the numbers that are in force. */
static void widen(struct observer *o, const struct rule *r, const struct rule_numbers *n)
{
	uint32_t sec = n->within_ms / 1000 + 1, us = n->apart_ms < UINT32_MAX / 1000 ? n->apart_ms * 1000 : UINT32_MAX;

	if (r->after_disconnect && sec > o->disconnected_sec)
		o->disconnected_sec = sec;
	if (r->reserves && us < o->reserved_us)
		o->reserved_us = us;
}

static uint8_t needs_met(const struct detector *d)
{
	const struct rule_settings *s = &d->settings;
	uint8_t met = (s->n_own_ssids ? NEEDS_OWN_SSID : 0) | (s->n_own_bssids ? NEEDS_OWN_BSSID : 0);

	for (uint32_t i = 0; i < s->n_ssid_rules; i++)
		met |= s->ssid_rules[i].canary ? NEEDS_CANARY : NEEDS_APSPOOF;
	return met;
}

void detector_start(struct detector *d)
{
	struct observer observer = {.see = see, .act = act, .ctx = d, .reserved_us = UINT32_MAX};
	uint8_t met = needs_met(d);
	bool any = false;

	for (size_t i = 0; i < rule_count; i++) {
		if (!rules[i].fn || !alerts_enabled(d->alerts, d->definition[i]) || (rules[i].needs & ~met))
			continue;
		turn_on(d, (uint8_t) i);
		any = true;
		widen(&observer, &rules[i], &d->numbers[i]);
	}
	if (any)
		tracker_observe(d->tracker, &observer);
}
