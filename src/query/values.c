#include "query/values.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <strings.h>

#include "base/err.h"
#include "base/mem.h"
#include "query/times.h"

#define ADDRESS_BITS 48

/* What may stand behind a number. "" is the unit of a number without one. */
static const struct {
	uint8_t kind;
	const char *text;
	double factor;
} units[] = {
	{QUERY_NUMBER, "", 1},       {QUERY_CHANNEL, "", 1},        {QUERY_FLAG, "", 1},
	{QUERY_SIZE, "", 1},         {QUERY_SIZE, "B", 1},          {QUERY_SIZE, "kB", 1e3},
	{QUERY_SIZE, "MB", 1e6},     {QUERY_SIZE, "GB", 1e9},       {QUERY_SIZE, "TB", 1e12},
	{QUERY_SIZE, "KiB", 1024},   {QUERY_SIZE, "MiB", 1048576},  {QUERY_SIZE, "GiB", 1073741824},
	{QUERY_DBM, "", 1},          {QUERY_DBM, "dBm", 1},         {QUERY_FREQUENCY, "", 1e3},
	{QUERY_FREQUENCY, "kHz", 1}, {QUERY_FREQUENCY, "MHz", 1e3}, {QUERY_FREQUENCY, "GHz", 1e6},
};

static int unit_fail(const struct query_reading *r, const struct query_name *row, const struct query_token *v)
{
	char allowed[96] = "";
	size_t used = 0;

	for (size_t i = 0; i < ARRAY_SIZE(units); i++)
		if (units[i].kind == row->kind && *units[i].text)
			used += (size_t) snprintf(allowed + used, sizeof(allowed) - used, "%s%s", used ? ", " : "",
						  units[i].text);
	return query_fail(r->error, r->text, v->at, v->n, "%s is %s; %s%s", row->name, query_kind_text(row->kind),
			  used ? "its number may have a unit: " : "it has no unit", allowed);
}

static const struct query_word flags[] = {{"yes", 1}, {"no", 0},  {"true", 1}, {"false", 0},
					  {"on", 1},  {"off", 0}, {NULL, 0}};

/* A number or one of the row's words. */
static bool read_number(const struct query_name *row, const char *text, double *ret)
{
	const struct query_word *words = row->words ? row->words : row->kind == QUERY_FLAG ? flags : NULL;
	const char *digits = text + (*text == '-' || *text == '+');
	char *end;
	double n;

	for (; words && words->text; words++)
		if (strcasecmp(words->text, text) == 0) {
			*ret = words->number;
			return true;
		}
	if (!isdigit((unsigned char) *digits) && !(*digits == '.' && isdigit((unsigned char) digits[1])))
		return false;
	n = strtod(text, &end);
	for (size_t i = 0; i < ARRAY_SIZE(units); i++)
		if (units[i].kind == row->kind && strcasecmp(units[i].text, end) == 0) {
			*ret = n * units[i].factor;
			return isfinite(*ret);
		}
	return false;
}

/* The moment or number of a value as what it begins and ends with. */
static bool read_bounds(const struct query_reading *r, const struct query_name *row, const char *text,
			struct query_time *ret)
{
	*ret = (struct query_time){0};
	if (row->kind == QUERY_TIME)
		return query_time_read(text, r->now_sec, ret);
	if (!read_number(row, text, &ret->from))
		return false;
	ret->until = ret->from;
	return true;
}

/* Whether .until is behind the value: times are spans, numbers are not. */
static bool is_open(const struct query_name *row, const struct query_time *t)
{
	return row->kind == QUERY_TIME && !t->age;
}

static struct query_range compared(const struct query_name *row, uint8_t op, const struct query_time *t)
{
	struct query_range range = {.least = -INFINITY, .most = INFINITY, .age = t->age};
	double until = t->age ? t->from : t->until;

	switch (op) {
	case OP_LESS:
		range.most = t->from;
		range.below = true;
		break;
	case OP_LEAST:
		range.most = until;
		range.below = is_open(row, t);
		break;
	case OP_MORE:
		range.least = until;
		range.above = !is_open(row, t);
		break;
	case OP_MOST: range.least = t->from; break;
	default:
		range.least = t->age ? -INFINITY : t->from;
		range.most = until;
		range.below = is_open(row, t);
		break;
	}
	return range;
}

/* "low..high", one of which may be missing. */
static int read_span(const struct query_reading *r, const struct query_name *row, const struct query_token *v,
		     const char *dots, struct query_range *ret)
{
	char *low = strndup(v->text, (size_t) (dots - v->text));
	struct query_time from = {.from = -INFINITY}, until = {.from = INFINITY, .until = INFINITY};
	bool has_low = low && *low, has_high = dots[2];
	int result = 0;

	if ((has_low && !read_bounds(r, row, low, &from)) || (has_high && !read_bounds(r, row, dots + 2, &until)) ||
	    (!has_low && !has_high)) {
		result = unit_fail(r, row, v);
	} else if (has_low && has_high && from.age != until.age) {
		result = query_fail(r->error, r->text, v->at, v->n, "both ends of a span are durations, or both times");
	} else {
		bool age = has_low ? from.age : until.age;

		*ret = (struct query_range){.least = from.from,
					    .most = age && has_high ? until.from : until.until,
					    .below = has_high && is_open(row, &until),
					    .age = age};
		if (ret->most < ret->least)
			result = query_fail(r->error, r->text, v->at, v->n, "the span ends before it begins");
	}
	free(low);
	return result;
}

int query_range_read(const struct query_reading *r, const struct query_name *row, uint8_t op,
		     const struct query_token *value, struct query_range *ret_range)
{
	const char *dots = value->kind == TOKEN_WORD ? strstr(value->text, "..") : NULL;
	struct query_time t;

	if (dots && op != OP_HAS && op != OP_IS && op != OP_NOT)
		return query_fail(r->error, r->text, value->at, value->n, "a span stands behind :, = or !=");
	if (dots)
		return read_span(r, row, value, dots, ret_range);
	if (value->kind == TOKEN_REGEX || !read_bounds(r, row, value->text, &t))
		return unit_fail(r, row, value);
	*ret_range = compared(row, op, &t);
	return 0;
}

bool query_range_has(const struct query_range *r, double v, double now_sec)
{
	if (r->age)
		v = now_sec - v;
	return (r->above ? v > r->least : v >= r->least) && (r->below ? v < r->most : v <= r->most);
}

static int hex_digit(char c)
{
	return isdigit((unsigned char) c) ? c - '0' : (c | 0x20) - 'a' + 10;
}

/* Pairs of digits; how many octets of text they take. */
static size_t read_pairs(const char *s, struct mac *ret, unsigned *ret_pairs)
{
	size_t i = 0;

	*ret = (struct mac){0};
	*ret_pairs = 0;
	while (*ret_pairs < sizeof(ret->b) && isxdigit((unsigned char) s[i]) && isxdigit((unsigned char) s[i + 1])) {
		ret->b[(*ret_pairs)++] = (uint8_t) (hex_digit(s[i]) << 4 | hex_digit(s[i + 1]));
		i += 2;
		if (s[i] != ':' && s[i] != '-')
			break;
		i++;
	}
	return i;
}

static struct mac mask_of(unsigned bits)
{
	uint64_t all = (UINT64_C(1) << ADDRESS_BITS) - 1;

	return mac_of_u64(bits ? all << (ADDRESS_BITS - bits) & all : 0);
}

bool query_address_read(const char *text, struct mac_mask *ret_mask)
{
	unsigned pairs, bits;
	size_t n = read_pairs(text, &ret_mask->mac, &pairs);
	const char *rest = text + n;
	char *end;

	ret_mask->mask = mask_of(8 * pairs);
	if (pairs == 0)
		return false;
	if (*rest == '\0')
		return true;
	if (*rest == '*' && rest[1] == '\0' && pairs < 6)
		return true;
	if (*rest != '/' || pairs != 6)
		return false;
	rest++;
	if (strpbrk(rest, ":-"))
		return mac_parse(rest, strlen(rest), &ret_mask->mask) >= 0;
	bits = (unsigned) strtoul(rest, &end, 10);
	if (!isdigit((unsigned char) *rest) || *end || bits > ADDRESS_BITS)
		return false;
	ret_mask->mask = mask_of(bits);
	return true;
}

bool query_is_number(const struct query_token *value)
{
	const char *s = value->text;

	if (value->kind != TOKEN_WORD || !*s)
		return false;
	return s[strspn(s, "0123456789.")] == '\0' && strpbrk(s, "0123456789");
}
