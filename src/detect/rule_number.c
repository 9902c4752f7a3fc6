#include "detect/rule_number.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"

enum number_kind { NUMBER_COUNT, NUMBER_TIME, NUMBER_PPM };

/* A row that leaves a number 0 does not have it. */
#define N(number, member, what)                                                                                        \
	{                                                                                                              \
		.name = (number), .offset = offsetof(struct rule_numbers, member), .kind = (what)                      \
	}
static const struct number {
	const char *name;
	size_t offset;
	enum number_kind kind;
} numbers[] = {
	N("most", most, NUMBER_COUNT),
	N("within", within_ms, NUMBER_TIME),
	N("after", after_ms, NUMBER_TIME),
	N("young", young_ms, NUMBER_TIME),
	N("old", old_ms, NUMBER_TIME),
	N("apart", apart_ms, NUMBER_TIME),
	N("apart", apart_ppm, NUMBER_PPM),
	N("slow_most", slow_most, NUMBER_COUNT),
	N("slow_within", slow_within_ms, NUMBER_TIME),
};
#undef N

static const struct unit {
	const char *suffix, *one, *many;
	uint32_t ms;
} units[] = {
	{.suffix = "h", .one = "an hour", .many = "hours", .ms = 3600000},
	{.suffix = "min", .one = "a minute", .many = "minutes", .ms = 60000},
	{.suffix = "s", .one = "a second", .many = "seconds", .ms = 1000},
	{.suffix = "ms", .one = "a millisecond", .many = "milliseconds", .ms = 1},
};

const struct rule *rule_definition(const struct rule *r)
{
	const struct rule *first = rules;

	while (strcmp(first->name, r->name) != 0)
		first++;
	return first;
}

void rule_numbers_read(struct rule_numbers *ret)
{
	for (size_t i = 0; i < rule_count; i++)
		ret[i] = rule_definition(&rules[i])->numbers;
}

static uint32_t number_of(const struct rule_numbers *n, const struct number *row)
{
	uint32_t value;

	memcpy(&value, (const char *) n + row->offset, sizeof(value));
	return value;
}

static const struct number *number_find(const struct rule_numbers *n, const char *name, size_t length)
{
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		if (strlen(numbers[i].name) == length && memcmp(numbers[i].name, name, length) == 0 &&
		    number_of(n, &numbers[i]))
			return &numbers[i];
	return NULL;
}

static const struct unit *unit_of(uint32_t ms)
{
	const struct unit *u = units;

	while (ms % u->ms)
		u++;
	return u;
}

static void time_text(uint32_t ms, struct buf *out)
{
	const struct unit *u = unit_of(ms);

	if (ms == u->ms)
		buf_str(out, u->one);
	else
		buf_printf(out, "%u %s", ms / u->ms, u->many);
}

bool rule_number_text(const struct rule_numbers *n, const char *name, size_t length, struct buf *out)
{
	const struct number *row = number_find(n, name, length);

	if (!row)
		return false;
	if (row->kind == NUMBER_TIME)
		time_text(number_of(n, row), out);
	else
		buf_printf(out, "%u%s", number_of(n, row), row->kind == NUMBER_PPM ? " millionths" : "");
	return true;
}

void rule_numbers_print(const struct rule_numbers *n, struct buf *out)
{
	const char *comma = "";

	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		uint32_t value = number_of(n, &numbers[i]);
		const struct unit *u = numbers[i].kind == NUMBER_TIME && value ? unit_of(value) : NULL;

		if (!value)
			continue;
		buf_printf(out, "%s%s=%u%s", comma, numbers[i].name, u ? value / u->ms : value, u ? u->suffix : "");
		comma = ",";
	}
}

void rule_describe(const char *text, const struct rule_numbers *n, struct buf *out)
{
	for (const char *end; *text; text = end) {
		end = *text == '{' ? strchr(text, '}') : NULL;
		if (end++ && rule_number_text(n, text + 1, (size_t) (end - text) - 2, out))
			continue;
		end = text + 1;
		buf_char(out, *text);
	}
}

/* "2s", "500ms", "5min", "1h". */
static bool time_parse(const char *text, uint64_t *ret_ms)
{
	char *end;
	uint64_t value = strtoull(text, &end, 10);

	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		if (strcmp(end, units[i].suffix) != 0)
			continue;
		*ret_ms = value <= RULE_TIME_MAX_MS ? value * units[i].ms : UINT64_MAX;
		return true;
	}
	return false;
}

static bool value_parse(const struct rule_numbers *n, const struct number *row, const char *text, uint32_t *ret,
			char ret_error[RULE_ERROR_SIZE])
{
	uint64_t most = row->kind == NUMBER_TIME ? RULE_TIME_MAX_MS : RULE_MOST_MAX, value = 0;
	bool whole = *text >= '0' && *text <= '9';
	char *end;

	if (row->kind == NUMBER_COUNT && n->most_max)
		most = n->most_max;
	if (row->kind == NUMBER_TIME) {
		whole = whole && time_parse(text, &value);
	} else if (whole) {
		value = strtoull(text, &end, 10);
		whole = *end == '\0';
	}
	*ret = (uint32_t) value;
	if (whole && value && value <= most)
		return true;
	if (row->kind == NUMBER_TIME)
		(void) snprintf(ret_error, RULE_ERROR_SIZE, "'%.32s' is no time from 1ms to %uh, as 500ms, 2s or 5min",
				text, RULE_TIME_MAX_MS / units[0].ms);
	else
		(void) snprintf(ret_error, RULE_ERROR_SIZE, "'%.32s' is no number from 1 to %u", text, (unsigned) most);
	return false;
}

/* Sets one "name=value". */
static bool set_one(struct rule_numbers *n, char *text, char ret_error[RULE_ERROR_SIZE])
{
	size_t length = strcspn(text, "=");
	const struct number *row = number_find(n, text, length);
	uint32_t value;

	if (!row || text[length] != '=') {
		struct buf names = {0};

		rule_numbers_print(n, &names);
		(void) snprintf(ret_error, RULE_ERROR_SIZE, "'%.32s' sets none of its numbers, which are %s", text,
				buf_text(&names));
		buf_finish(&names);
		return false;
	}
	if (!value_parse(n, row, text + length + 1, &value, ret_error))
		return false;
	memcpy((char *) n + row->offset, &value, sizeof(value));
	return true;
}

static const struct rule *find_rule(const char *name, size_t length)
{
	for (size_t i = 0; i < rule_count; i++)
		if (strlen(rules[i].name) == length && strncasecmp(rules[i].name, name, length) == 0)
			return &rules[i];
	return NULL;
}

bool rule_numbers_set(struct rule_numbers *all, const char *text, char ret_error[RULE_ERROR_SIZE])
{
	size_t length = strcspn(text, ":");
	const struct rule *r = find_rule(text, length);
	struct rule_numbers n;
	cleanup_free char *rest = NULL;
	char *save = NULL, *part;

	if (text[length] != ':') {
		(void) snprintf(ret_error, RULE_ERROR_SIZE, "expected NAME:most=20,within=2s");
		return false;
	}
	if (!r || r->numbers.fixed || !(r->numbers.most || r->numbers.within_ms || r->numbers.after_ms)) {
		(void) snprintf(ret_error, RULE_ERROR_SIZE, "%s",
				!r ? "no rule has that name"
				: r->numbers.fixed
					? "its number is fixed by a standard or by the software that is attacked"
					: "the rule has no numbers to change");
		return false;
	}
	n = all[r - rules];
	rest = xstrdup(text + length + 1);
	part = strtok_r(rest, ",", &save);
	if (!part)
		return set_one(&n, rest, ret_error);
	for (; part; part = strtok_r(NULL, ",", &save))
		if (!set_one(&n, part, ret_error))
			return false;
	for (size_t i = 0; i < rule_count; i++)
		if (strcmp(rules[i].name, r->name) == 0)
			all[i] = n;
	return true;
}
