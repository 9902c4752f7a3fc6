/* Histories in logs, and back: as they are kept, or as Kismet shows them. */
#include <math.h>
#include <string.h>

#include "base/hex.h"
#include "base/mem.h"
#include "field/history_kept.h"

/* Before the vectors: last_sec, the two values, minute_shift; least octet first, whatever the machine's order. */
#define HEAD 13
#define VALUE_MOST 1e15f

static void put32(uint8_t *to, uint32_t n)
{
	for (int i = 0; i < 4; i++)
		to[i] = (uint8_t) (n >> 8 * i);
}

static uint32_t get32(const uint8_t *p)
{
	return p[0] | (uint32_t) p[1] << 8 | (uint32_t) p[2] << 16 | (uint32_t) p[3] << 24;
}

static void put_real(uint8_t *to, float v)
{
	uint32_t n;

	memcpy(&n, &v, sizeof(n));
	put32(to, n);
}

static float get_real(const uint8_t *p)
{
	uint32_t n = get32(p);
	float v;

	memcpy(&v, &n, sizeof(v));
	return v;
}

/* Turns the elements of what is kept to the log's order of octets, or back. */
static void turn(uint8_t *p, size_t n, enum history_kind kind)
{
	const uint16_t probe = 1;
	size_t minute = history_second_vector_bytes(kind), wide = minute / 60;

	if (*(const uint8_t *) &probe)
		return;
	for (size_t i = 0; i < n; i += wide) {
		if (i == minute)
			wide = history_minute_vector_bytes(kind) / 60;
		if (i == minute + history_minute_vector_bytes(kind))
			wide = sizeof(float);
		for (size_t k = 0; k < wide / 2; k++) {
			uint8_t low = p[i + k];

			p[i + k] = p[i + wide - 1 - k];
			p[i + wide - 1 - k] = low;
		}
	}
}

struct field_text history_state(const struct history *h, enum history_kind kind, struct field_ctx *ctx)
{
	_Alignas(4) uint8_t spread[HISTORY_SPREAD_MOST];
	uint8_t all[HEAD + HISTORY_SPREAD_MOST];
	size_t kept = history_spread(h, kind, spread), n = HEAD + kept;
	char *text;

	if (!h->last_sec)
		return (struct field_text){0};
	put32(all, h->last_sec);
	put_real(all + 4, h->last_value);
	put_real(all + 8, history_shape(h).last_value_n1);
	all[12] = history_shape(h).minute_shift;
	memcpy(all + HEAD, spread, kept);
	turn(all + HEAD, kept, kind);
	text = arena_alloc(ctx->arena, n * 2);
	(void) hex_write(text, hex_lower, all, n);
	return (struct field_text){text, n * 2};
}

/* False for means that cannot be: the text is untrusted. */
static bool reals_are_sane(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i += sizeof(float)) {
		float v;

		memcpy(&v, p + i, sizeof(v));
		if (!(fabsf(v) <= VALUE_MOST))
			return false;
	}
	return true;
}

/* What stands before the vectors. */
struct state_head {
	uint32_t last_sec;
	float last_value, before;
	uint8_t minute_shift;
};

static bool is_sane(const struct state_head *head, const uint8_t *kept, size_t n, enum history_kind kind)
{
	size_t minute = history_second_vector_bytes(kind), hour = minute + history_minute_vector_bytes(kind);

	if (head->last_sec == 0 || head->minute_shift > 16 || !(fabsf(head->last_value) <= VALUE_MOST) ||
	    !(fabsf(head->before) <= VALUE_MOST))
		return false;
	if (n != 0 && n != minute && (kind == HISTORY_SIGNAL || (n != hour && n != hour + HISTORY_HOUR_VECTOR_BYTES)))
		return false;
	if (n <= minute)
		return true;
	return (kind == HISTORY_COUNT || reals_are_sane(kept + minute, hour - minute)) &&
	       reals_are_sane(kept + hour, n - hour);
}

bool history_load_state(struct history *h, enum history_kind kind, const struct json_in *value)
{
	struct octets all = {0};
	struct state_head head;
	bool good;

	if (!field_load_hex(value, HEAD + HISTORY_SPREAD_MOST, &all))
		return false;
	good = all.n >= HEAD;
	if (good) {
		head = (struct state_head){get32(all.p), get_real(all.p + 4), get_real(all.p + 8), all.p[12]};
		turn(all.p + HEAD, all.n - HEAD, kind);
		good = is_sane(&head, all.p + HEAD, all.n - HEAD, kind);
	}
	if (good) {
		history_finish(h);
		*h = (struct history){.last_sec = head.last_sec, .last_value = head.last_value};
		history_gather(h, kind, head.minute_shift, all.p + HEAD, all.n - HEAD);
		history_set_before(h, kind, head.before);
	}
	free(all.p);
	return good;
}

/* Which of n slots is the only one that is not 0; n when there is none or several. */
static uint32_t only_one(const double *v, uint32_t n)
{
	uint32_t found = n;

	for (uint32_t i = 0; i < n; i++) {
		if (v[i] == 0)
			continue;
		if (found < n)
			return n;
		found = i;
	}
	return found;
}

/* What no history of the kind holds is no data. */
static void narrow(float *to, const double *from, size_t n, enum history_kind kind)
{
	double least = kind == HISTORY_SIGNAL ? INT8_MIN : 0, most = kind == HISTORY_COUNT ? 5e7 : 1e12;

	for (size_t i = 0; i < n; i++)
		to[i] = from[i] >= least && from[i] <= most ? (float) from[i] : 0;
}

bool history_load_view(struct history *h, enum history_kind kind, const struct json_in *value, struct field_load *load)
{
	struct history_show s = {0};
	const struct field_table *t = kind == HISTORY_SIGNAL ? &history_minute_table : &history_view_table;
	float seconds[60], minutes[60], hours[24];
	bool minute_alone;
	uint32_t last;
	float before;

	if (!json_in_is_object(value))
		return false;
	field_load(t, &s, value, load);
	if (s.last_time == 0 || s.last_time > UINT32_MAX)
		return false;
	last = (uint32_t) s.last_time;
	history_finish(h);
	*h = (struct history){.last_sec = last};
	narrow(&h->last_value, &s.last_value, 1, kind);
	narrow(&before, &s.last_value_n1, 1, kind);
	minute_alone = only_one(s.hour, 60) == last / 60 % 60 && only_one(s.day, 24) == last / 3600 % 24;
	if (minute_alone && before == 0 && only_one(s.minute, 60) == last % 60)
		return true;
	history_keep_seconds(h, kind);
	history_set_before(h, kind, before);
	narrow(seconds, s.minute, 60, kind);
	for (uint32_t i = 0; i < 60; i++)
		history_set_second(h, kind, i, seconds[i]);
	if (kind == HISTORY_SIGNAL || minute_alone)
		return true;
	narrow(minutes, s.hour, 60, kind);
	narrow(hours, s.day, 24, kind);
	history_set_minutes(h, kind, minutes);
	history_keep_hours(h, kind);
	memcpy(history_hours(h, kind), hours, sizeof(hours));
	return true;
}
