/* The tables of all rooms' options, and where in the server's configuration their structs are: a room adds one row. */
#include "app/conf.h"

#include "base/mem.h"

#define PART(member, options)                                                                                          \
	{                                                                                                              \
		&(options), offsetof(struct app_conf, member), sizeof(((struct app_conf *) 0)->member)                 \
	}

/* clang-format off */
/* In the order of the sample file. */
static const struct {
	const struct option_table *table;
	size_t at, size; /* of the room's struct within the whole */
} parts[] = {
	PART(api, api_server_options),
	PART(server, server_options),
	PART(serve, serve_options),
	PART(api, api_httpd_options),
	PART(capture, capture_options),
	PART(track, track_options),
	PART(dot11, dot11_options),
	PART(btle, btle_options),
	PART(adsb, adsb_options),
	PART(uav, uav_options),
	PART(logs, log_options),
	PART(locate, locate_options),
	PART(detector, detector_options),
	PART(delivery, delivery_options),
	PART(limits, limits_options),
};
/* clang-format on */
_Static_assert(ARRAY_SIZE(parts) == APP_CONF_TABLES, "a section for each table");

const struct option_table *app_conf_table(size_t i, size_t *ret_size)
{
	if (i >= ARRAY_SIZE(parts))
		return NULL;
	*ret_size = parts[i].size;
	return parts[i].table;
}

void app_conf_default(struct app_conf *c)
{
	*c = (struct app_conf){0};
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		c->sections[i] = (struct option_section){parts[i].table, (char *) c + parts[i].at};
	c->options = (struct options){.sections = c->sections, .n = ARRAY_SIZE(parts)};
	options_default(&c->options);
}
