#include "query/group.h"

#include <math.h>
#include <stdlib.h>

#include "base/limit.h"
#include "base/mem.h"
#include "query/compare.h"

#define SUM struct query_sum
#define G struct query_group
static const struct field sum_key = {.name = "", .doc = "", .kind = FIELD_STRING, .offset = offsetof(SUM, name)};
static const struct field sum_value = FIELD_ELEM(SUM, sum);
static bool has_value(const void *obj)
{
	return ((const G *) obj)->has_value;
}
static bool has_from(const void *obj)
{
	return ((const G *) obj)->has_from;
}
static bool has_sums(const void *obj)
{
	return ((const G *) obj)->sums.count;
}
static const struct field rows[] = {
	FIELD(G, "norn.query.value", value, "The value that its records have.", .present = has_value),
	FIELD(G, "norn.query.from", from, "Second in which its span of time begins.", .present = has_from),
	FIELD(G, "norn.query.count", count, "Records in it."),
	FIELD(G, "norn.query.devices", devices, "Devices that they are of, each counted once."),
	FIELD_KEYED(G, "norn.query.sums", sums, &sum_key, &sum_value, "Sums of numbers of its records, by name.",
		    .type = "map[string, double]", .present = has_sums, .flags = FIELD_VIEW),
};
struct field_table query_group_table = FIELD_TABLE(G, "query group", rows);

/* A device that is in a group. */
struct seen {
	uint64_t device;
	uint32_t group; /* 1 + its number; 0: unused */
};

struct query_groups {
	const struct query_record *record;
	struct field_path value, time, sums[QUERY_SUMS_MAX];
	size_t n_sums;
	bool by_value;
	double width_sec;
	G *items;
	uint32_t n, cap;
	uint32_t *index, cap_index; /* 1 + its number; 0: unused. A power of two, half full at most */
	struct seen *seen;
	uint32_t n_seen, cap_seen;
	uint64_t left_out;
};

static void compile(const struct query_record *record, const char *path, struct field_path *ret)
{
	if (field_path_compile(record->table, path, strlen(path), ret) < 0)
		ret->known = false;
}

struct query_groups *query_groups_create(const struct query_record *record, const char *value, double width_sec)
{
	struct query_groups *g = xnew(struct query_groups, 1);

	g->record = record;
	g->by_value = value;
	g->width_sec = width_sec;
	if (value)
		compile(record, value, &g->value);
	if (width_sec > 0)
		compile(record, query_shown_path(record, record->time), &g->time);
	for (; g->n_sums < QUERY_SUMS_MAX && record->sums[g->n_sums]; g->n_sums++)
		compile(record, query_shown_path(record, record->sums[g->n_sums]), &g->sums[g->n_sums]);
	return g;
}

bool query_groups_lock(const struct query_groups *g)
{
	bool locks = g->value.locks || g->time.locks;

	for (size_t i = 0; i < g->n_sums; i++)
		locks |= g->sums[i].locks;
	return locks;
}

void query_groups_destroy(struct query_groups *g)
{
	if (!g)
		return;
	free(g->items);
	free(g->index);
	free(g->seen);
	free(g);
}

static double number_of(const struct field_path *path, const void *record, struct field_ctx *ctx)
{
	struct field_value v;

	if (!field_path_first(path, record, ctx, &v))
		return 0;
	return v.type == VALUE_U64    ? (double) v.u64
	       : v.type == VALUE_I64  ? (double) v.i64
	       : v.type == VALUE_REAL ? v.real
				      : 0;
}

struct taking {
	struct query_member *m;
	struct field_ctx *ctx;
};

/* Values as texts, each once. */
static int take_value(const struct field_value *v, void *arg)
{
	struct taking *t = arg;
	struct query_member *m = t->m;
	char number[32] = "";
	struct field_text text = {number, 0};

	switch (v->type) {
	case VALUE_U64: (void) snprintf(number, sizeof(number), "%llu", (unsigned long long) v->u64); break;
	case VALUE_I64: (void) snprintf(number, sizeof(number), "%lld", (long long) v->i64); break;
	case VALUE_REAL: (void) snprintf(number, sizeof(number), "%.15g", v->real); break;
	case VALUE_TEXT: text = (struct field_text){v->text, v->text ? strnlen(v->text, v->n) : 0}; break;
	default: return 0;
	}
	text.n = text.p == number ? strlen(number) : text.n < QUERY_VALUE_SIZE ? text.n : QUERY_VALUE_SIZE - 1;
	for (uint32_t i = 0; i < m->n; i++)
		if (m->values[i].n == text.n && memcmp(m->values[i].p, text.p, text.n) == 0)
			return 0;
	if (m->n == m->cap) {
		struct field_text *more = arena_alloc(t->ctx->arena, (m->cap * 2 + 4) * sizeof(*more));

		if (m->n)
			memcpy(more, m->values, m->n * sizeof(*more));
		m->values = more;
		m->cap = m->cap * 2 + 4;
	}
	m->values[m->n++] = (struct field_text){arena_copy(t->ctx->arena, text.p, text.n), text.n};
	return 0;
}

static int take_values(const struct field_value *v, void *arg)
{
	return query_visit(v, ((struct taking *) arg)->ctx, take_value, arg);
}

void query_groups_take(const struct query_groups *g, const void *record, struct field_ctx *ctx,
		       struct query_member *ret_member)
{
	struct taking t = {ret_member, ctx};

	*ret_member = (struct query_member){0};
	if (g->by_value)
		(void) field_path_each(&g->value, record, ctx, take_values, &t);
	if (g->width_sec > 0) {
		ret_member->time = number_of(&g->time, record, ctx);
		ret_member->has_time = ret_member->time > 0;
	}
	for (size_t i = 0; i < g->n_sums; i++)
		ret_member->sum[i] = number_of(&g->sums[i], record, ctx);
}

static uint64_t hash_of(const char *p, size_t n, double from)
{
	uint64_t hash;

	memcpy(&hash, &from, sizeof(hash));
	for (size_t i = 0; i < n; i++)
		hash = (hash ^ (uint8_t) p[i]) * UINT64_C(0x100000001b3);
	return hash ^ hash >> 29;
}

static void grow_index(struct query_groups *g)
{
	g->cap_index = g->cap_index ? g->cap_index * 2 : 64;
	free(g->index);
	g->index = xnew(uint32_t, g->cap_index);
	for (uint32_t i = 0; i < g->n; i++) {
		uint64_t at = hash_of(g->items[i].value, strlen(g->items[i].value), g->items[i].from);

		while (g->index[at % g->cap_index])
			at++;
		g->index[at % g->cap_index] = i + 1;
	}
}

/* The group's number, made with its first record; UINT32_MAX when there are too many. */
static uint32_t find(struct query_groups *g, const char *p, size_t n, double from)
{
	uint64_t at = hash_of(p, n, from);
	G *group;

	if (2 * g->n >= g->cap_index)
		grow_index(g);
	for (; g->index[at % g->cap_index]; at++) {
		group = &g->items[g->index[at % g->cap_index] - 1];
		if (group->from == from && memcmp(group->value, p, n) == 0 && !group->value[n])
			return g->index[at % g->cap_index] - 1;
	}
	if (limit_full(LIMIT_QUERY_GROUPS, g->n))
		return UINT32_MAX;
	if (g->n == g->cap) {
		g->cap = g->cap ? g->cap * 2 : 32;
		xgrow(g->items, g->cap);
	}
	group = &g->items[g->n];
	*group = (G){.from = from, .has_value = g->by_value, .has_from = g->width_sec > 0};
	memcpy(group->value, p, n);
	g->index[at % g->cap_index] = ++g->n;
	return g->n - 1;
}

static void grow_seen(struct query_groups *g)
{
	struct seen *old = g->seen;
	uint32_t cap = g->cap_seen;

	g->cap_seen = cap ? cap * 2 : 256;
	g->seen = xnew(struct seen, g->cap_seen);
	for (uint32_t i = 0; i < cap; i++) {
		uint64_t at = old[i].device * UINT64_C(0x9e3779b97f4a7c15) + old[i].group;

		if (!old[i].group)
			continue;
		at ^= at >> 31;
		while (g->seen[at % g->cap_seen].group)
			at++;
		g->seen[at % g->cap_seen] = old[i];
	}
	free(old);
}

/* True for a device that is new in the group. */
static bool is_new(struct query_groups *g, uint32_t group, uint64_t device)
{
	uint64_t at = device * UINT64_C(0x9e3779b97f4a7c15) + group + 1;
	struct seen *s;

	if (2 * g->n_seen >= g->cap_seen)
		grow_seen(g);
	at ^= at >> 31;
	for (;; at++) {
		s = &g->seen[at % g->cap_seen];
		if (!s->group)
			break;
		if (s->device == device && s->group == group + 1)
			return false;
	}
	*s = (struct seen){device, group + 1};
	g->n_seen++;
	return true;
}

static void add_to(struct query_groups *g, const struct query_member *m, struct field_text value)
{
	double from = m->has_time ? floor(m->time / g->width_sec) * g->width_sec : 0;
	uint32_t number = find(g, value.p, value.n, from);

	if (number == UINT32_MAX) {
		g->left_out++;
		return;
	}
	g->items[number].count++;
	if (m->device)
		g->items[number].devices += is_new(g, number, m->device);
	for (size_t i = 0; i < g->n_sums; i++)
		g->items[number].sum[i].sum += m->sum[i];
}

void query_groups_add(struct query_groups *g, const struct query_member *m)
{
	if (g->width_sec > 0 && !m->has_time)
		return;
	for (uint32_t i = 0; i < m->n; i++)
		add_to(g, m, m->values[i]);
	if (m->n == 0)
		add_to(g, m, (struct field_text){"", 0});
}

static int compare(const void *a, const void *b)
{
	const G *x = a, *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return strcmp(x->value, y->value);
}

const struct query_group *query_groups_sorted(struct query_groups *g, size_t *ret_n)
{
	if (g->n)
		qsort(g->items, g->n, sizeof(*g->items), compare);
	for (uint32_t i = 0; i < g->n; i++) {
		G *group = &g->items[i];

		for (size_t k = 0; k < g->n_sums; k++)
			group->sum[k].name = g->record->sums[k];
		group->sums.items = group->sum;
		group->sums.count = (uint32_t) g->n_sums;
	}
	*ret_n = g->n;
	return g->items;
}

uint64_t query_groups_left_out(const struct query_groups *g)
{
	return g->left_out;
}
