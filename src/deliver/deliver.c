#include "deliver/deliver.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/limit.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/period.h"
#include "deliver/receiver.h"

#define LAST_CHANCE_US 3000000 /* for what waits when the server stops */

#define R struct receiver_record
static const struct field receiver_rows[] = {
	FIELD(R, "norn.receiver.kind", kind, "Kind: syslog or webhook."),
	FIELD(R, "norn.receiver.target", target, "Its address."),
	FIELD(R, "norn.receiver.sent", sent, "Alerts that it took."),
	FIELD(R, "norn.receiver.failed", failed, "Attempts that failed."),
	FIELD(R, "norn.receiver.lost", lost, "Alerts that were given up."),
	FIELD(R, "norn.receiver.waiting", waiting, "Alerts that wait for it."),
	FIELD(R, "norn.receiver.error", error, "Why the latest attempt failed; empty: it did not."),
};
struct field_table receiver_table = FIELD_TABLE(R, "receiver of alerts", receiver_rows);

struct waiting {
	struct waiting *next;
	struct alert alert;
};

struct receiver {
	const struct receiver_kind *kind;
	struct delivery *delivery;
	void *own;
	pthread_t thread;
	bool started, stopping;
	uint64_t end_us; /* monotonic time at which the last chance ends */
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct waiting *first, **last;
	struct receiver_record record;
};

struct delivery {
	uint32_t severity, tries;
	uint32_t n;
	struct receiver receivers[RECEIVERS_MAX];
};

static void add(struct delivery *d, const struct delivery_conf *conf, const struct receiver_kind *kind,
		const char *target, unsigned *errors)
{
	struct receiver *r = &d->receivers[d->n];
	char shown[sizeof(r->record.target)], error[ERROR_SIZE] = "there are too many";
	void *own = d->n < RECEIVERS_MAX ? kind->create(conf, target, error) : NULL;

	kind->show(target, shown, sizeof(shown));
	if (!own) {
		log_write(LOG_LEVEL_ERROR, "norn_alert_%s=%.200s: %s", kind->name, shown, error);
		(*errors)++;
		return;
	}
	r->kind = kind;
	r->delivery = d;
	r->own = own;
	r->last = &r->first;
	(void) snprintf(r->record.kind, sizeof(r->record.kind), "%s", kind->name);
	memcpy(r->record.target, shown, sizeof(shown));
	d->n++;
}

struct delivery *delivery_create(const struct delivery_conf *conf, unsigned *errors)
{
	struct delivery *d = xnew(struct delivery, 1);

	d->severity = conf->severity;
	d->tries = conf->tries;
	for (size_t i = 0; i < conf->syslog.n; i++)
		add(d, conf, &syslog_kind, conf->syslog.items[i], errors);
	for (size_t i = 0; i < conf->webhooks.n; i++)
		add(d, conf, &webhook_kind, conf->webhooks.items[i], errors);
	return d;
}

/* Under the lock: waits for a change, at most until that monotonic time. */
static void wait_until(struct receiver *r, uint64_t us)
{
	struct timespec at = {(time_t) (us / 1000000), (long) (us % 1000000) * 1000};

	(void) pthread_cond_timedwait(&r->changed, &r->lock, &at);
}

/* Under the lock: no try is made before the pause is over, or the server stops. */
static void rest(struct receiver *r, uint32_t sec)
{
	uint64_t until = clock_monotonic_us() + UINT64_C(1000000) * sec;

	while (!r->stopping && clock_monotonic_us() < until)
		wait_until(r, until);
}

/* Under the lock, which is given back meanwhile. */
static enum outcome try_once(struct receiver *r, const struct alert *a)
{
	char error[ERROR_SIZE] = "";
	enum outcome o;

	(void) pthread_mutex_unlock(&r->lock);
	o = r->kind->send(r->own, a, error);
	(void) pthread_mutex_lock(&r->lock);
	if (o == OUTCOME_SENT) {
		r->record.sent++;
		r->record.error[0] = '\0';
		return o;
	}
	r->record.failed++;
	if (r->record.error[0] == '\0') /* once, not each time */
		log_warning("%s does not take alerts: %s", r->record.target, error);
	(void) snprintf(r->record.error, sizeof(r->record.error), "%s", *error ? error : "unknown");
	return o;
}

/* Under the lock: until the alert is taken, refused, or was tried often enough. */
static enum outcome deliver(struct receiver *r, const struct alert *a)
{
	uint32_t pause = DELIVER_FIRST_SEC;

	for (uint32_t i = 1;; i++) {
		enum outcome o = try_once(r, a);
		uint32_t asked = o == OUTCOME_LATER && r->kind->pause ? r->kind->pause(r->own) : 0;

		if (o != OUTCOME_LATER || i >= r->delivery->tries || r->stopping)
			return o;
		asked = asked > pause ? asked : pause;
		rest(r, asked < DELIVER_MOST_SEC ? asked : DELIVER_MOST_SEC);
		pause = pause * 2 < DELIVER_MOST_SEC ? pause * 2 : DELIVER_MOST_SEC;
	}
}

static void *run(void *ctx)
{
	struct receiver *r = ctx;

	(void) pthread_mutex_lock(&r->lock);
	while (r->first || !r->stopping) {
		struct waiting *w = r->first;
		bool over = r->stopping && clock_monotonic_us() >= r->end_us;

		if (!w) {
			(void) pthread_cond_wait(&r->changed, &r->lock);
			continue;
		}
		if (over || deliver(r, &w->alert) != OUTCOME_SENT)
			r->record.lost++;
		r->first = w->next;
		if (!r->first)
			r->last = &r->first;
		r->record.waiting--;
		free(w);
	}
	(void) pthread_mutex_unlock(&r->lock);
	return NULL;
}

static void offer(struct receiver *r, const struct alert *a)
{
	struct waiting *w;

	(void) pthread_mutex_lock(&r->lock);
	if (!r->started || limit_full(LIMIT_ALERT_QUEUE, r->record.waiting)) {
		r->record.lost++;
	} else {
		w = xnew(struct waiting, 1);
		w->alert = *a;
		*r->last = w;
		r->last = &w->next;
		r->record.waiting++;
		(void) pthread_cond_signal(&r->changed);
	}
	(void) pthread_mutex_unlock(&r->lock);
}

static void on_alert(void *ctx, const struct alert *a)
{
	struct delivery *d = ctx;

	for (uint32_t i = 0; a->severity >= d->severity && i < d->n; i++)
		offer(&d->receivers[i], a);
}

void delivery_start(struct delivery *d, struct alerts *alerts)
{
	pthread_condattr_t monotonic;

	(void) pthread_condattr_init(&monotonic);
	(void) pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	for (uint32_t i = 0; i < d->n; i++) {
		struct receiver *r = &d->receivers[i];

		(void) pthread_mutex_init(&r->lock, NULL);
		(void) pthread_cond_init(&r->changed, &monotonic);
		r->started = pthread_create(&r->thread, NULL, run, r) == 0;
	}
	(void) pthread_condattr_destroy(&monotonic);
	if (d->n)
		(void) alerts_listen(alerts, on_alert, d);
}

static void report_end(struct receiver *r)
{
	(void) pthread_mutex_lock(&r->lock);
	r->stopping = true;
	r->end_us = clock_monotonic_us() + LAST_CHANCE_US;
	(void) pthread_cond_signal(&r->changed);
	(void) pthread_mutex_unlock(&r->lock);
	if (r->kind->give_up)
		r->kind->give_up(r->own);
}

void delivery_destroy(struct delivery *d)
{
	for (uint32_t i = 0; d && i < d->n; i++)
		if (d->receivers[i].started)
			report_end(&d->receivers[i]);
	for (uint32_t i = 0; d && i < d->n; i++) {
		struct receiver *r = &d->receivers[i];

		if (r->started) {
			(void) pthread_join(r->thread, NULL);
			(void) pthread_mutex_destroy(&r->lock);
			(void) pthread_cond_destroy(&r->changed);
		}
		r->kind->destroy(r->own);
	}
	free(d);
}

uint32_t delivery_copy(struct delivery *d, struct receiver_record ret[RECEIVERS_MAX])
{
	for (uint32_t i = 0; i < d->n; i++) {
		(void) pthread_mutex_lock(&d->receivers[i].lock);
		ret[i] = d->receivers[i].record;
		(void) pthread_mutex_unlock(&d->receivers[i].lock);
	}
	return d->n;
}
