#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "app/values.h"
#include "app/state.h"
#include "conf/rows.h"

static bool is_address(const char *text)
{
	struct in6_addr six;
	struct in_addr four;

	return inet_pton(AF_INET, text, &four) == 1 || inet_pton(AF_INET6, text, &six) == 1;
}

static bool is_hop_rate(const char *text)
{
	return capture_hop_rate(text) > 0;
}

static bool is_uuid(const char *text)
{
	struct uuid u;

	return uuid_parse(text, strlen(text), &u) >= 0;
}

static const struct value {
	const char *name;
	bool (*is_good)(const char *text);
	const char *reason;
} values[] = {
	{"httpd_bind_address", is_address, "it is neither an IPv4 nor an IPv6 address"},
	{"remote_capture_listen", is_address, "it is neither an IPv4 nor an IPv6 address"},
	{"server_announce_address", is_address, "it is neither an IPv4 nor an IPv6 address"},
	{"channel_hop_speed", is_hop_rate, "expected a rate such as 5/sec or 10/min"},
	{"server_uuid", is_uuid, "it is no UUID"},
	{"dot11_datasource_opt", capture_wifi_option_ok, "expected OPTION,VALUE"},
};

static const struct option_row *row_of(const char *name)
{
	const struct option_row *row = NULL;

	for (size_t i = 0; i < option_section_count && !row; i++)
		row = option_find(option_section(i), name);
	return row;
}

static void set_default(struct options *o, const struct option_row *row)
{
	cleanup_free char *text = option_fallback(row);

	option_clear(row, o);
	(void) option_set(row, o, text);
}

static unsigned check_text(struct options *o, const struct value *v, const struct option_row *row, char **text)
{
	unsigned errors;

	if (!*text || v->is_good(*text))
		return 0;
	errors = options_fault(o, v->name, *text, v->reason);
	if (!errors)
		set_default(o, row);
	return errors;
}

static unsigned check_list(struct options *o, const struct value *v, const struct option_row *row,
			   struct string_list *l)
{
	unsigned errors = 0;
	size_t to = 0;

	for (size_t i = 0; i < l->n; i++) {
		bool good = v->is_good(l->items[i]);

		if (!good)
			errors += options_fault(o, v->name, l->items[i], v->reason);
		if (good)
			l->items[to++] = l->items[i];
		else
			free(l->items[i]);
	}
	l->n = to;
	if (to == 0)
		set_default(o, row);
	return errors;
}

unsigned values_check(struct options *o)
{
	unsigned errors = 0;

	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		const struct option_row *row = row_of(values[i].name);
		void *member = row ? (char *) o + row->offset : NULL;

		if (row && row->kind == OPTION_LIST)
			errors += check_list(o, &values[i], row, member);
		else if (row)
			errors += check_text(o, &values[i], row, member);
	}
	return errors;
}

unsigned values_fault(void *ctx, const char *name, const char *value, const char *reason)
{
	return options_fault(ctx, name, value, reason);
}
