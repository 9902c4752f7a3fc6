/* What was seen when: the last minute by seconds, the last hour by minutes, the last day by hours
 * (Kismet's "RRD"). While all samples fall into one second, that second and its value are kept in
 * place; the second second brings the minute vector, those of minutes and hours follow once there are samples for them.
 * What is shown equals a history that was kept in full from the start. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "field/field.h"
#include "field/load.h"

/* Counts and octets of a second add up, a minute is the mean of its seconds; of signals the strongest
 * of a second counts, and a minute is the mean of those that were seen; of peaks the greatest counts,
 * of seconds, minutes and hours. A second's value that its kind cannot hold stays at the greatest that
 * it can. */
enum history_kind {
	HISTORY_COUNT,  /* up to 65,535 a second */
	HISTORY_OCTETS, /* up to 4,000,000,000 a second */
	HISTORY_SIGNAL, /* -127 to 127 dBm */
	HISTORY_PEAK,   /* up to 4,000,000,000 */
};
struct history {
	uint32_t last_sec; /* 0: no sample yet */
	float last_value;
	struct octets kept; /* history_kept.h */
};

/* Adds a value at second `sec`; one older than a minute before the last is left out. Under the lock
 * of whatever holds the history. */
void history_add(struct history *h, enum history_kind kind, uint32_t sec, float value);
void history_finish(struct history *h);

/* The history as readers see it, brought forward to ctx->model_now; in ctx's arena. */
const void *history_view(const struct history *h, enum history_kind kind, struct field_ctx *ctx);
extern struct field_table history_view_table;   /* three vectors */
extern struct field_table history_minute_table; /* the minute alone */

/* Reading back. What is kept as hex in ctx's arena, for a row that only logs show; absent without a sample. */
struct field_text history_state(const struct history *h, enum history_kind kind, struct field_ctx *ctx);
bool history_load_state(struct history *h, enum history_kind kind, const struct json_in *value);
/* From what history_view() showed, as far as that goes: every sample is there, those of past minutes at their mean. */
bool history_load_view(struct history *h, enum history_kind kind, const struct json_in *value, struct field_load *load);

/* The four functions of the rows of a member that is a history: NAME_view and NAME_state, and those that read them
 * back. A log of norn has both rows, and the second has everything. */
#define HISTORY_CALLS(T, name, m, kind)                                                                                \
	static const void *name##_view(const void *obj, struct field_ctx *ctx)                                         \
	{                                                                                                              \
		const struct history *h = &((const T *) obj)->m;                                                       \
                                                                                                                       \
		return h->last_sec ? history_view(h, kind, ctx) : NULL;                                                \
	}                                                                                                              \
	static struct field_text name##_state(const void *obj, struct field_ctx *ctx)                                  \
	{                                                                                                              \
		return history_state(&((const T *) obj)->m, kind, ctx);                                                \
	}                                                                                                              \
	static bool name##_load_view(const struct field *row, void *obj, const struct json_in *v,                      \
				     struct field_load *l)                                                             \
	{                                                                                                              \
		(void) row;                                                                                            \
		return l->version || history_load_view(&((T *) obj)->m, kind, v, l);                                   \
	}                                                                                                              \
	static bool name##_load_state(const struct field *row, void *obj, const struct json_in *v,                     \
				      struct field_load *l)                                                            \
	{                                                                                                              \
		(void) row;                                                                                            \
		(void) l;                                                                                              \
		return history_load_state(&((T *) obj)->m, kind, v);                                                   \
	}

/* Those two rows: `wire` as everybody sees it, `kept` for logs. */
#define HISTORY_ROWS(wire, kept_name, name, tab, text)                                                                 \
	FIELD_CALL_OBJECT(wire, name##_view, tab, text, .set = name##_load_view),                                      \
		FIELD_CALL_TEXT(kept_name, name##_state, "The history as it is kept.", .flags = FIELD_STATE,           \
				.set = name##_load_state)

/* A row for a struct that holds a history, so that copies follow its memory. */
#define HISTORY_ROW(T, m) FIELD(T, "", m.kept, "Memory of the record.", .flags = FIELD_HIDDEN)
