#include "app/log_filters.h"
#include "app/state.h"

void log_filters_free(struct app *a)
{
	log_filter_destroy(a->api.device_filter);
	log_filter_destroy(a->api.packet_filter);
	a->api.device_filter = a->api.packet_filter = NULL;
}

static unsigned read_rules(struct app *a, struct log_filter *f, const struct string_list *l, const char *name)
{
	bool is_packet = f == a->api.packet_filter;
	unsigned errors = 0;

	for (size_t i = 0; i < l->n; i++) {
		struct log_filter_rule rule;
		char reason[160] = "there are too many (norn_max_log_filters)";

		if (log_filter_parse(l->items[i], is_packet, &rule, reason) >= 0 && log_filter_set(f, &rule, 1) >= 0)
			continue;
		errors += options_fault(&a->conf.options, name, l->items[i], reason);
	}
	return errors;
}

unsigned log_filters_read(struct app *a)
{
	const struct log_conf *c = &a->conf.logs;

	log_filters_free(a);
	a->api.device_filter = log_filter_create("kismetdb_devices", "Devices in the kismetdb log", false);
	a->api.packet_filter = log_filter_create("kismetdb_packets", "Packets in the kismetdb log", true);
	log_filter_set_default(a->api.device_filter, c->device_filter_default == LOG_FILTER_BLOCK);
	log_filter_set_default(a->api.packet_filter, c->packet_filter_default == LOG_FILTER_BLOCK);
	return read_rules(a, a->api.device_filter, &c->device_filter, "kis_log_device_filter") +
	       read_rules(a, a->api.packet_filter, &c->packet_filter, "kis_log_packet_filter");
}
