#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "app/values.h"
#include "app/state.h"
#include "base/mem.h"
#include "capture/wifi_options.h"

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
	{"httpd_bind_address", is_address, "expected an IPv4 or IPv6 address"},
	{"remote_capture_listen", is_address, "expected an IPv4 or IPv6 address"},
	{"server_announce_address", is_address, "expected an IPv4 or IPv6 address"},
	{"channel_hop_speed", is_hop_rate, "expected a rate such as 5/sec or 10/min"},
	{"server_uuid", is_uuid, "expected a UUID, such as 12345678-9abc-def0-1234-56789abcdef0"},
	{"dot11_datasource_opt", capture_wifi_option_ok, "expected OPTION,VALUE"},
};

/* An option's row, and the struct that it speaks of. */
struct found {
	const struct option_row *row;
	void *conf;
};

static void *member_of(const struct found *f)
{
	return (char *) f->conf + f->row->offset;
}

static void set_default(const struct found *f)
{
	cleanup_free char *text = option_fallback(f->row);

	option_clear(f->row, f->conf);
	(void) option_set(f->row, f->conf, text);
}

static unsigned check_text(struct options *o, const struct value *v, const struct found *f)
{
	const char *text = *(char **) member_of(f);
	unsigned errors;

	if (!text || v->is_good(text))
		return 0;
	errors = options_fault(o, v->name, text, v->reason);
	if (!errors)
		set_default(f);
	return errors;
}

static unsigned check_list(struct options *o, const struct value *v, const struct found *f)
{
	struct string_list *l = member_of(f);
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
		set_default(f);
	return errors;
}

unsigned values_check(struct options *o)
{
	unsigned errors = 0;

	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		struct found found;

		found.row = options_find(o, values[i].name, &found.conf);
		if (found.row && found.row->kind == OPTION_LIST)
			errors += check_list(o, &values[i], &found);
		else if (found.row)
			errors += check_text(o, &values[i], &found);
	}
	return errors;
}
