/* The tables of all rooms' options, and where in the server's configuration their structs are. */
#include "app/conf.h"

#include "base/mem.h"

#define X(member, options) {&(options), offsetof(struct app_conf, member), sizeof(((struct app_conf *) 0)->member)},
static const struct {
	const struct option_table *table;
	size_t at, size; /* of the room's struct within the whole */
} parts[] = {APP_CONF_TABLES(X)};
#undef X

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
