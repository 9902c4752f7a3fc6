#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "hop.h"
#include "base/clock.h"
#include "base/mem.h"
#include "proto/row.h"
#include "serve.h"
#include "state.h"

#define PERIOD_LEAST_US 50000

/* The step that visits every channel of a list although it is greater than one: it grows until its
 * rounds do not fall onto each other. */
static uint32_t spacing(uint32_t wanted, uint32_t count)
{
	uint32_t step = wanted && wanted < count ? wanted : 1;

	while (step > 1 && count % (count / step) == 0) {
		if (step >= count - 1)
			return 1;
		step++;
	}
	return step;
}

/* Answers the request that waits, if one does. Under the lock. */
static void answer(struct helper *h, bool success, const char *text)
{
	struct hopping *p = &h->hopping;
	struct proto_message m = {
		.type = PROTO_CONFIGURE_REPORT, .request = p->request, .success = success, .text = proto_text(text)};
	struct span *names = xnew(struct span, p->count ? p->count : 1);

	if (p->asked && p->hops) {
		for (uint32_t i = 0; i < p->count; i++)
			names[i] = proto_text(p->names[i]);
		m.hop = (struct proto_hop){.has = true,
					   .has_rate = true,
					   .rate = p->rate,
					   .has_shuffle = true,
					   .shuffle = p->shuffle,
					   .skip = p->skip,
					   .offset = p->offset,
					   .has_enabled = true,
					   .enabled = true,
					   .channels = {names, p->count}};
	} else if (p->asked) {
		m.channel = proto_text(p->channel);
	}
	if (p->asked)
		helper_send(h, &m);
	p->asked = false;
	free(names);
}

/* Waits for the time, or a change. Under the lock. */
static void wait_until(struct hopping *p, uint64_t due_us)
{
	struct timespec t = {.tv_sec = (time_t) (due_us / 1000000), .tv_nsec = (long) (due_us % 1000000) * 1000};

	while (!p->changed && clock_monotonic_us() < due_us)
		(void) pthread_cond_clockwait(&p->wake, &p->lock, CLOCK_MONOTONIC, &t);
}

/* A channel that cannot be set leaves the list. Under the lock; false when none is left. */
static bool leave_out(struct helper *h, uint32_t at, const char *why)
{
	struct hopping *p = &h->hopping;

	helper_say(h, "Channel %s is left out: %s", p->names[at], why);
	p->count--;
	memmove(p->names[at], p->names[at + 1], (p->count - at) * sizeof(p->names[0]));
	if (p->shuffle && p->count)
		p->skip = spacing(p->skip, p->count);
	return p->count > 0;
}

/* Tunes without the lock, since that takes time; true when it is tuned. */
static bool tune(struct helper *h, const char *channel, char why[HELPER_ERROR_SIZE], bool *ret_removed)
{
	int r;

	(void) pthread_mutex_unlock(&h->hopping.lock);
	why[0] = '\0';
	r = h->kind->tune(h->ctx, channel, why);
	(void) pthread_mutex_lock(&h->hopping.lock);
	*ret_removed = r < 0;
	return r == HELPER_TUNED;
}

/* Goes through the list until something changes. Under the lock. */
static void hop(struct helper *h)
{
	struct hopping *p = &h->hopping;
	uint64_t period = (uint64_t) (1e6 / p->rate), due = clock_monotonic_us();
	uint32_t position = p->offset;
	char channel[24], why[HELPER_ERROR_SIZE];
	bool removed = false;

	if (period < PERIOD_LEAST_US)
		period = PERIOD_LEAST_US;
	while (!p->changed && !h->stopping) {
		uint32_t at = position % p->count;
		bool tuned;

		memcpy(channel, p->names[at], sizeof(channel));
		tuned = tune(h, channel, why, &removed);
		if (p->changed)
			return;
		if (!tuned && (removed || !leave_out(h, at, why))) {
			answer(h, false, why);
			helper_fail(h, removed ? "%s" : "No channel of the list can be set: %s", why);
			return;
		}
		if (!tuned)
			continue;
		answer(h, true, "");
		position += p->shuffle ? p->skip : 1;
		due += period;
		wait_until(p, due);
	}
}

static void stay(struct helper *h)
{
	struct hopping *p = &h->hopping;
	char channel[24], why[HELPER_ERROR_SIZE];
	bool removed;

	memcpy(channel, p->channel, sizeof(channel));
	if (tune(h, channel, why, &removed))
		answer(h, true, "");
	else
		answer(h, false, why);
	if (removed)
		helper_fail(h, "%s", why);
}

static void *run(void *ctx)
{
	struct helper *h = ctx;
	struct hopping *p = &h->hopping;

	(void) pthread_mutex_lock(&p->lock);
	while (!h->stopping) {
		while (!p->changed && !h->stopping)
			(void) pthread_cond_wait(&p->wake, &p->lock);
		p->changed = false;
		if (h->stopping)
			break;
		if (p->hops)
			hop(h);
		else
			stay(h);
	}
	(void) pthread_mutex_unlock(&p->lock);
	return NULL;
}

static void take_hop(struct hopping *p, const struct proto_hop *from)
{
	p->hops = true;
	if (from->has_rate && from->rate > 0)
		p->rate = from->rate;
	if (from->has_shuffle)
		p->shuffle = from->shuffle;
	p->offset = from->offset;
	if (from->channels.count) {
		p->count = 0;
		for (uint32_t i = 0; i < from->channels.count && i < HELPER_HOPS_MAX; i++)
			proto_copy(from->channels.items[i], p->names[p->count++], sizeof(p->names[0]));
	}
	p->skip = p->count ? spacing(from->skip ? from->skip : p->count / 3, p->count) : 0;
}

static void refuse(struct helper *h, uint32_t request, const char *text)
{
	helper_send(h, &(struct proto_message){
			       .type = PROTO_CONFIGURE_REPORT, .request = request, .text = proto_text(text)});
}

void hop_configure(struct helper *h, const struct proto_message *m)
{
	struct hopping *p = &h->hopping;

	if (!h->kind->tune || !h->is_open) {
		refuse(h, m->seqno, h->is_open ? "This source has no channels" : "It is not open");
		return;
	}
	(void) pthread_mutex_lock(&p->lock);
	if (p->asked)
		refuse(h, p->request, "Another request replaced this one");
	if (m->hop.has)
		take_hop(p, &m->hop);
	else
		p->hops = false;
	if (!m->hop.has)
		proto_copy(m->channel, p->channel, sizeof(p->channel));
	p->asked = true;
	p->request = m->seqno;
	if (p->hops ? p->count == 0 : p->channel[0] == '\0') {
		p->asked = false;
		refuse(h, m->seqno, "The request names no channel");
	} else {
		p->changed = true;
		if (!p->started)
			p->started = pthread_create(&p->thread, NULL, run, h) == 0;
		(void) pthread_cond_broadcast(&p->wake);
	}
	(void) pthread_mutex_unlock(&p->lock);
}

void hop_stop(struct helper *h)
{
	struct hopping *p = &h->hopping;

	(void) pthread_mutex_lock(&p->lock);
	p->changed = true;
	(void) pthread_cond_broadcast(&p->wake);
	(void) pthread_mutex_unlock(&p->lock);
	if (p->started)
		(void) pthread_join(p->thread, NULL);
	p->started = false;
}
