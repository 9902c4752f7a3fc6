#include <stdio.h>

#include "app/print_lists.h"
#include "app/state.h"

static unsigned read_list(struct app *a, const char *name, const char *text, struct print_list *ret)
{
	char reason[128];

	if (!text || print_list_parse(text, ret))
		return 0;
	*ret = (struct print_list){0};
	(void) snprintf(reason, sizeof(reason), "expected at most %d numbers of elements, as in 0,1,221-0050F2-2",
			PRINT_ELEMENTS_MAX);
	return options_fault(&a->conf.options, name, text, reason);
}

unsigned print_lists_read(struct app *a)
{
	struct rest_conf *o = &a->conf.rest;

	a->beacon_elements = a->probe_elements = (struct print_list){0};
	if (!o->dot11_fingerprint_devices)
		return 0;
	return read_list(a, "dot11_beacon_ie_fingerprint", o->dot11_beacon_ie_fingerprint, &a->beacon_elements) +
	       read_list(a, "dot11_probe_ie_fingerprint", o->dot11_probe_ie_fingerprint, &a->probe_elements);
}
