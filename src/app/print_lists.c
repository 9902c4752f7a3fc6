/* dot11_beacon_ie_fingerprint= and dot11_probe_ie_fingerprint=: which elements fingerprints are of. */
#include "app/state.h"
#include "base/log.h"

static unsigned read_list(const char *name, const char *text, struct print_list *ret)
{
	if (!text || print_list_parse(text, ret))
		return 0;
	*ret = (struct print_list){0};
	log_write(LOG_LEVEL_ERROR, "%s=%.100s: expected at most %d numbers of elements, as in 0,1,221-0050F2-2", name,
		  text, PRINT_ELEMENTS_MAX);
	return 1;
}

unsigned print_lists_read(struct app *a)
{
	const struct options *o = &a->options;

	a->beacon_elements = a->probe_elements = (struct print_list){0};
	if (!o->dot11_fingerprint_devices)
		return 0;
	return read_list("dot11_beacon_ie_fingerprint", o->dot11_beacon_ie_fingerprint, &a->beacon_elements) +
	       read_list("dot11_probe_ie_fingerprint", o->dot11_probe_ie_fingerprint, &a->probe_elements);
}
