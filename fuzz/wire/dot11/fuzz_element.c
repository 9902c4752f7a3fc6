/* Any octets as a list of elements: every reader of what records keep reads no octet beyond them. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "wire/dot11/elements.h"
#include "wire/dot11/readers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_as_all(struct span body)
{
	struct neighbor near[NEIGHBORS_MAX];
	struct span oi[ROAMING_MAX], attributes = body, value;
	struct interworking w;
	struct multi_link m;
	struct country_triplet range;
	struct wps wps = {0};
	struct rsn rsn;
	struct wmm wmm;
	struct owe_transition owe;
	uint16_t type;

	if (neighbors_read(body, near, NEIGHBORS_MAX) > NEIGHBORS_MAX || neighbors_read(body, near, 1) > 1 ||
	    roaming_read(body, oi) > ROAMING_MAX)
		abort();
	if (multi_link_read(body, &m) && m.n_links > MULTI_LINKS_MAX)
		abort();
	if (rsn_read(body, &rsn) && (rsn.n_pairwise > RSN_SUITES_MAX || rsn.n_pmkids > RSN_PMKIDS_MAX))
		abort();
	if (wmm_read(body, &wmm) && wmm.n > WMM_CATEGORIES)
		abort();
	(void) interworking_read(body, &w);
	if (owe_transition_read(body, &owe) && owe.ssid.left > 32)
		abort();
	wps_read(body, &wps);
	while (wps_next(&attributes, &type, &value))
		if (value.left > body.left)
			abort();
	while (country_next(&body, &range))
		;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *exact = malloc(size ? size : 1);
	struct span list, found;
	struct element e;

	if (size)
		memcpy(exact, data, size);
	read_as_all(span_of(exact, size));
	list = span_of(exact, size);
	while (element_next(&list, &e)) {
		read_as_all(e.body);
		read_as_all(e.data);
	}
	(void) element_find(span_of(exact, size), ELEMENT_WPS, &found);
	(void) element_find(span_of(exact, size), ELEMENT_MULTI_LINK, &found);
	free(exact);
	return 0;
}
