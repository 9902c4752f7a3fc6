/* Any octets as a list of elements: every reader of what records keep reads no octet beyond them. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "wire/dot11/element.h"
#include "wire/dot11/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_as_all(struct span body)
{
	struct element_neighbor near[ELEMENT_NEIGHBORS_MAX];
	struct span oi[ELEMENT_ROAMING_MAX], ssid, attributes = body, value;
	struct element_interworking w;
	struct element_multi_link m;
	struct element_range range;
	struct frame_wps wps = {0};
	struct element_rsn rsn;
	struct element_wmm wmm;
	struct mac bssid;
	uint16_t type;

	if (element_neighbors(body, near, ELEMENT_NEIGHBORS_MAX) > ELEMENT_NEIGHBORS_MAX ||
	    element_neighbors(body, near, 1) > 1 || element_roaming(body, oi) > ELEMENT_ROAMING_MAX)
		abort();
	if (element_multi_link(body, &m) && m.n_links > ELEMENT_LINKS_MAX)
		abort();
	if (element_rsn(body, &rsn) && (rsn.n_pairwise > ELEMENT_SUITES_MAX || rsn.n_pmkids > ELEMENT_PMKIDS_MAX))
		abort();
	if (element_wmm(body, &wmm) && wmm.n > ELEMENT_WMM_CATEGORIES)
		abort();
	(void) element_interworking(body, &w);
	if (element_owe(body, &bssid, &ssid) && ssid.left > 32)
		abort();
	wps_read(body, &wps);
	while (wps_next(&attributes, &type, &value))
		if (value.left > body.left)
			abort();
	while (element_next_range(&body, &range))
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
		read_as_all(e.rest);
	}
	(void) element_find(span_of(exact, size), ELEMENT_VENDOR, VENDOR_WPS, &found);
	(void) element_find(span_of(exact, size), ELEMENT_EXTENSION, ELEMENT_MULTI_LINK, &found);
	free(exact);
	return 0;
}
