#include "capture/tune.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "capture/link.h"
#include "capture/live.h"
#include "capture/registry.h"
#include "conf/definition.h"
#include "proto/row.h"

#define NAMES_MAX (SOURCE_CHANNELS_SIZE / 2)

void tune_defaults(struct source_record *rec, const struct definition *d, const struct capture_conf *defaults)
{
	const char *rate = definition_get(d, "channel_hoprate");

	rec->hopping = definition_yes(d, "channel_hop", defaults->hop);
	rec->hop_rate = rate ? capture_hop_rate(rate) : defaults->hop_rate;
	rec->hop_shuffle = defaults->shuffle;
	rec->hop_split = defaults->split;
}

/* The next name of a list that ',' joins; false at the end. */
static bool next_name(const char **p, struct span *ret)
{
	size_t n;

	while (**p == ',' || **p == ' ')
		(*p)++;
	n = strcspn(*p, ", ");
	*ret = span_of(*p, n);
	*p += n;
	return n > 0;
}

static bool has_name(const char *list, struct span name)
{
	struct span at;

	while (next_name(&list, &at))
		if (at.left == name.left && strncasecmp((const char *) at.p, (const char *) name.p, at.left) == 0)
			return true;
	return false;
}

/* Appends a name, when it is not there and there is room. */
static void add_name(char list[SOURCE_CHANNELS_SIZE], struct span name)
{
	char text[LIVE_CHANNEL_SIZE];
	size_t used = strlen(list);

	if (name.left == 0 || name.left >= sizeof(text) || has_name(list, name) ||
	    used + name.left + 2 > SOURCE_CHANNELS_SIZE)
		return;
	proto_copy(name, text, sizeof(text));
	if (strpbrk(text, ", "))
		return;
	(void) snprintf(list + used, SOURCE_CHANNELS_SIZE - used, "%s%s", used ? "," : "", text);
}

static void add_names(char list[SOURCE_CHANNELS_SIZE], const char *names)
{
	struct span at;

	while (names && next_name(&names, &at))
		add_name(list, at);
}

static uint32_t count_names(const char *list)
{
	struct span at;
	uint32_t n = 0;

	while (next_name(&list, &at))
		n++;
	return n;
}

/* The lists that the definition makes of what the program could do. Under the lock. */
static void fill_lists(const struct live *l, struct source_record *rec, const struct proto_list *channels)
{
	rec->channels[0] = rec->hop_channels[0] = '\0';
	for (uint32_t i = 0; i < channels->count; i++)
		if (l->channels || !l->block_channels || !has_name(l->block_channels, channels->items[i]))
			add_name(rec->channels, channels->items[i]);
	add_names(rec->channels, l->channels);
	add_names(rec->channels, l->add_channels);
	add_names(rec->hop_channels, l->channels ? l->channels : rec->channels);
	add_names(rec->hop_channels, l->add_channels);
	add_names(rec->channels, l->channel);
}

/* Sources of one kind with one list begin at different positions of it. Under the lock; true for those
 * whose position has changed. */
static bool settle_offset(struct registry *r, struct source_record *rec)
{
	uint32_t alike = 0, position = 0, offset = 0;

	for (uint32_t i = 0; rec->hop_split && i < r->count; i++) {
		const struct source_record *other = &r->sources[i]->record;

		if (other->state != SOURCE_RUNNING || !other->hopping ||
		    strcmp(other->driver.type, rec->driver.type) != 0 ||
		    strcmp(other->hop_channels, rec->hop_channels) != 0)
			continue;
		if (other == rec)
			position = alike;
		alike++;
	}
	if (alike > 1)
		offset = position * (count_names(rec->hop_channels) / alike);
	if (rec->hop_offset == offset)
		return false;
	rec->hop_offset = offset;
	return true;
}

static void tune_send(struct live *l);

static void send_again(void *ctx)
{
	struct live *l = ctx;

	if (l->loop && loop_here(l->loop) && l->phase == LIVE_RUNNING)
		tune_send(l);
}

/* The others that share this one's list get their new positions. */
static void settle_others(const struct live *l)
{
	struct registry *r = l->source->registry;

	(void) pthread_mutex_lock(&r->lock);
	for (uint32_t i = 0; i < r->count; i++) {
		struct source *s = r->sources[i];

		if (s != l->source && s->live && s->record.state == SOURCE_RUNNING && s->record.hopping &&
		    settle_offset(r, &s->record) && s->live->loop)
			(void) loop_post(s->live->loop, send_again, s->live);
	}
	(void) pthread_mutex_unlock(&r->lock);
}

void tune_opened(struct live *l, const struct proto_message *m)
{
	struct registry *r = l->source->registry;
	struct source_record *rec = &l->source->record;
	bool tunes;

	(void) pthread_mutex_lock(&r->lock);
	fill_lists(l, rec, &m->channels);
	proto_copy(m->channel, rec->channel, sizeof(rec->channel));
	if (l->channel)
		(void) snprintf(rec->channel, sizeof(rec->channel), "%s", l->channel);
	if (!rec->driver.hop_capable || !rec->hop_channels[0])
		rec->hopping = false;
	tunes = rec->hopping || (l->channel && rec->driver.tuning_capable);
	(void) settle_offset(r, rec);
	(void) pthread_mutex_unlock(&r->lock);
	if (tunes)
		tune_send(l);
	settle_others(l);
}

/* The position in the list is the one member that others' threads set (settle_others()). */
static uint32_t offset_of(const struct live *l)
{
	uint32_t offset;

	(void) pthread_mutex_lock(&l->source->registry->lock);
	offset = l->source->record.hop_offset;
	(void) pthread_mutex_unlock(&l->source->registry->lock);
	return offset;
}

/* What is wished of a program, in a message whose lists the caller frees. The source's loop, without the lock. */
static void compose(const struct live *l, const struct source_tuning *t, struct proto_message *m)
{
	const struct source_record *rec = &l->source->record;
	const char *names = t->channels ? t->channels : rec->hop_channels;
	struct span at;

	*m = (struct proto_message){.type = PROTO_CONFIGURE};
	if (t->channel) {
		m->channel = proto_text(t->channel);
		return;
	}
	m->hop = (struct proto_hop){.has = true,
				    .has_rate = true,
				    .has_shuffle = true,
				    .has_enabled = true,
				    .enabled = true,
				    .rate = t->rate > 0 ? t->rate : rec->hop_rate,
				    .shuffle = t->shuffle >= 0 ? t->shuffle : rec->hop_shuffle,
				    .skip = rec->hop_skip,
				    .offset = offset_of(l)};
	m->hop.channels.items = xnew(struct span, NAMES_MAX);
	while (m->hop.channels.count < NAMES_MAX && next_name(&names, &at))
		m->hop.channels.items[m->hop.channels.count++] = at;
}

static void tune_send(struct live *l)
{
	const struct source_record *rec = &l->source->record;
	struct source_tuning t = {.channel = rec->hopping ? NULL : rec->channel, .shuffle = -1};
	struct proto_message m;

	compose(l, &t, &m);
	(void) link_send(l->link, &m);
	free(m.hop.channels.items);
}

/* Under the lock. */
static void answer(struct live *l, bool success, const char *text)
{
	l->command.done = true;
	l->command.success = success;
	(void) snprintf(l->command.text, sizeof(l->command.text), "%s", text);
	(void) pthread_cond_broadcast(&l->source->registry->changed);
}

void tune_refused(struct live *l, const char *reason)
{
	(void) pthread_mutex_lock(&l->source->registry->lock);
	if (l->command.busy && !l->command.done)
		answer(l, false, reason);
	(void) pthread_mutex_unlock(&l->source->registry->lock);
}

/* Under the lock. */
static void take_answer(struct source_record *rec, const struct proto_message *m)
{
	if (m->channel.left && !m->hop.has) {
		proto_copy(m->channel, rec->channel, sizeof(rec->channel));
		rec->hopping = false;
	}
	if (!m->hop.has)
		return;
	rec->hopping = !m->hop.has_enabled || m->hop.enabled;
	if (m->hop.has_rate && m->hop.rate > 0 && m->hop.rate <= SOURCE_HOP_RATE_MAX)
		rec->hop_rate = m->hop.rate;
	if (m->hop.has_shuffle)
		rec->hop_shuffle = m->hop.shuffle;
	rec->hop_skip = m->hop.skip;
	rec->hop_offset = m->hop.offset;
	if (m->hop.channels.count == 0)
		return;
	rec->hop_channels[0] = '\0';
	for (uint32_t i = 0; i < m->hop.channels.count; i++)
		add_name(rec->hop_channels, m->hop.channels.items[i]);
}

void tune_answered(struct live *l, const struct proto_message *m)
{
	struct source_record *rec = &l->source->record;
	char text[SOURCE_TEXT_SIZE];
	bool asked;

	proto_copy(m->text, text, sizeof(text));
	(void) pthread_mutex_lock(&l->source->registry->lock);
	if (m->success)
		take_answer(rec, m);
	else
		(void) snprintf(rec->warning, sizeof(rec->warning), "%s", text);
	asked = l->command.busy && !l->command.done && l->command.seqno == m->request;
	if (asked)
		answer(l, m->success, *text ? text : "the source refuses it");
	(void) pthread_mutex_unlock(&l->source->registry->lock);
	if (!m->success && !asked)
		log_warning("Source '%.128s' cannot change its channel: %.300s", rec->name, text);
}

struct wish {
	struct live *live;
	const struct source_tuning *tuning;
};

static void send_wish(void *ctx)
{
	const struct wish *w = ctx;
	struct live *l = w->live;
	struct proto_message m;
	int64_t r;

	if (l->phase != LIVE_RUNNING) {
		tune_refused(l, "The source is not running");
		return;
	}
	compose(l, w->tuning, &m);
	(void) pthread_mutex_lock(&l->source->registry->lock);
	r = link_send(l->link, &m);
	l->command.seqno = (uint32_t) r;
	(void) pthread_mutex_unlock(&l->source->registry->lock);
	free(m.hop.channels.items);
	if (r < 0)
		tune_refused(l, "The request has too many channels");
}

/* Under the lock: whether the source could be asked. */
static int ready(const struct source *s, const struct source_tuning *t, char error[SOURCE_TEXT_SIZE])
{
	const struct source_record *rec = &s->record;
	const char *why = NULL;

	if (!s->live || !rec->driver.tuning_capable)
		why = "has no channels";
	else if (!t->channel && !rec->driver.hop_capable)
		why = "cannot hop";
	else if (s->live->command.busy)
		why = "is being tuned already";
	else if (rec->state != SOURCE_RUNNING)
		why = "is not running";
	else if (!t->channel && !t->channels && !rec->hop_channels[0])
		why = "has no list of channels";
	if (!why)
		return 0;
	(void) snprintf(error, SOURCE_TEXT_SIZE, "The source '%.128s' (%.32s) %s", rec->name, rec->driver.type, why);
	return ERR_UNSUPPORTED;
}

/* Under the lock. */
static int outcome(struct source *s, const struct source_tuning *t, char error[SOURCE_TEXT_SIZE])
{
	struct live_command *c = &s->live->command;

	c->busy = false;
	if (!c->done || !c->success) {
		(void) snprintf(error, SOURCE_TEXT_SIZE, "%.500s", c->done ? c->text : "The source does not answer");
		return ERR_UNSUPPORTED;
	}
	if (t->channel) {
		(void) snprintf(s->record.channel, sizeof(s->record.channel), "%s", t->channel);
		s->record.hopping = false;
		return 0;
	}
	s->record.hopping = true;
	s->record.channel[0] = '\0';
	return 0;
}

/* A source that stays on one channel goes on so: rate and order wait until it hops. Under the lock. */
static bool keep_for_later(struct source_record *rec, const struct source_tuning *t)
{
	if (rec->hopping || t->channel || t->channels || (t->rate <= 0 && t->shuffle < 0))
		return false;
	if (t->rate > 0)
		rec->hop_rate = t->rate;
	if (t->shuffle >= 0)
		rec->hop_shuffle = t->shuffle;
	return true;
}

int capture_tune(struct registry *r, const struct uuid *uuid, const struct source_tuning *tuning,
		 char ret_error[SOURCE_TEXT_SIZE])
{
	struct wish w = {NULL, tuning};
	struct timespec until;
	struct source *s;
	bool kept;
	int err;

	(void) pthread_mutex_lock(&r->lock);
	s = registry_find(r, uuid);
	err = s ? ready(s, tuning, ret_error) : ERR_NOT_FOUND;
	kept = err >= 0 && keep_for_later(&s->record, tuning);
	if (err >= 0 && !kept)
		s->live->command = (struct live_command){.busy = true};
	(void) pthread_mutex_unlock(&r->lock);
	if (err < 0 || kept)
		return err;
	w.live = s->live;
	live_call(s, send_wish, &w);
	(void) clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += LIVE_ANSWER_SEC;
	(void) pthread_mutex_lock(&r->lock);
	while (!s->live->command.done && pthread_cond_timedwait(&r->changed, &r->lock, &until) != ETIMEDOUT)
		;
	err = outcome(s, tuning, ret_error);
	(void) pthread_mutex_unlock(&r->lock);
	return err;
}
