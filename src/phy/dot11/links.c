/* What a network says of others: links of the same 802.11be device, neighbours, and the operators behind a
 * Hotspot 2.0 network. */
#include "phy/dot11/links.h"

#include <stdio.h>

#include "phy/dot11/elements.h"
#include "wire/dot11/readers.h"

static struct span kept(const void *obj)
{
	const struct octets *o = obj;

	return span_of(o->p, o->n);
}

/* Multi-link. */

struct link {
	uint8_t id;
	bool has_mac;
	struct mac mac;
};
static bool link_has_mac(const void *obj)
{
	return ((const struct link *) obj)->has_mac;
}
static const struct field link_rows[] = {
	FIELD(struct link, "norn.link.id", id, "Number of the link."),
	FIELD(struct link, "norn.link.address", mac, "Address of its station or access point.",
	      .present = link_has_mac),
};
static struct field_table link_table = FIELD_TABLE(struct link, "multi-link link", link_rows);
static const struct field link_elem = FIELD_ELEM_SELF(&link_table);

struct multi {
	struct multi_link m;
	struct link links[MULTI_LINKS_MAX];
};
#define M struct multi
static bool has_link(const void *obj)
{
	return ((const M *) obj)->m.link_id >= 0;
}
static bool has_mld_id(const void *obj)
{
	return ((const M *) obj)->m.mld_id >= 0;
}
static struct field_items links_of(const void *obj, struct field_ctx *ctx)
{
	const M *x = obj;

	(void) ctx;
	return (struct field_items){x->links, x->m.n_links};
}
static const struct field multi_rows[] = {
	FIELD(M, "norn.mld.address", m.mld, "Address of the device that the links belong to."),
	FIELD(M, "norn.mld.link_id", m.link_id, "Number of the link that this is about.", .present = has_link),
	FIELD(M, "norn.mld.id", m.mld_id, "Number of the device among those near by.", .present = has_mld_id),
	FIELD_CALL_LIST("norn.mld.links", links_of, sizeof(struct link), &link_elem, "The other links."),
};
struct field_table multi_link_table = FIELD_TABLE(M, "multi-link", multi_rows);

/* It may go on in fragments. */
static bool find_multi_link(struct span list, struct multi_link *ret)
{
	struct span rest = list;
	struct element_joined joined;
	struct element e;

	while (element_next(&rest, &e))
		if (e.id == ELEMENT_MULTI_LINK)
			return multi_link_read(element_whole(list, &e, &joined), ret);
	return false;
}

const void *multi_link(const void *obj, struct field_ctx *ctx)
{
	struct multi_link m;
	M *x;

	if (!find_multi_link(kept(obj), &m))
		return NULL;
	x = arena_alloc(ctx->arena, sizeof(*x));
	x->m = m;
	for (uint8_t i = 0; i < m.n_links; i++)
		x->links[i] = (struct link){m.links[i].id, m.links[i].has_mac, m.links[i].mac};
	return x;
}

/* Neighbours. */

#define N struct neighbor
static bool has_bssid(const void *obj)
{
	return ((const N *) obj)->has_bssid;
}
static bool has_short_ssid(const void *obj)
{
	return ((const N *) obj)->has_short_ssid;
}
static bool has_parameters(const void *obj)
{
	return ((const N *) obj)->has_parameters;
}
static bool has_mld(const void *obj)
{
	return ((const N *) obj)->has_mld;
}
static const struct field neighbor_rows[] = {
	FIELD(N, "norn.neighbor.operating_class", operating_class, "Global operating class."),
	FIELD(N, "norn.neighbor.channel", channel, "Primary channel."),
	FIELD(N, "norn.neighbor.bssid", bssid, "Its BSSID.", .present = has_bssid),
	FIELD(N, "norn.neighbor.short_ssid", short_ssid, "CRC-32 of its name.", .present = has_short_ssid),
	FIELD(N, "norn.neighbor.bss_parameters", bss_parameters,
	      "Bits: OCT 1, same name 2, multiple BSSID 4, transmitted 8, same ESS 16, answers 32, "
	      "co-located 64.",
	      .present = has_parameters),
	FIELD(N, "norn.neighbor.mld_id", mld_id, "Number of its 802.11be device; 0: the same one.", .present = has_mld),
	FIELD(N, "norn.neighbor.link_id", link_id, "Number of its link.", .present = has_mld),
};
static struct field_table neighbor_table = FIELD_TABLE(N, "neighbor", neighbor_rows);
const struct field neighbor_elem = FIELD_ELEM_SELF(&neighbor_table);

bool neighbors_there(const void *obj)
{
	struct span body;

	return element_find(kept(obj), ELEMENT_REDUCED_NEIGHBOR_REPORT, &body);
}

struct field_items neighbors(const void *obj, struct field_ctx *ctx)
{
	N *list = arena_alloc(ctx->arena, NEIGHBORS_MAX * sizeof(*list));
	struct span all = kept(obj);
	struct element e;
	uint32_t n = 0;

	while (element_next(&all, &e))
		if (e.id == ELEMENT_REDUCED_NEIGHBOR_REPORT)
			n += neighbors_read(e.data, list + n, NEIGHBORS_MAX - n);
	return (struct field_items){list, n};
}

/* Hotspot 2.0: interworking, the roaming consortium, and the WFA's indication. */

static const char *const network_types[] = {
	"private",
	"private with guests",
	"chargeable public",
	"free public",
	"personal device",
	"emergency services",
	"6",
	"7",
	"8",
	"9",
	"10",
	"11",
	"12",
	"13",
	"test",
	"wildcard",
	NULL,
};
struct hotspot {
	struct interworking w;
	struct hotspot_indication indication;
	bool has_interworking, has_indication, osen;
	uint32_t n_roaming;
	struct octets roaming[ROAMING_MAX];
};
#define H struct hotspot
static bool has_interworking(const void *obj)
{
	return ((const H *) obj)->has_interworking;
}
static bool has_venue(const void *obj)
{
	return ((const H *) obj)->w.has_venue;
}
static bool has_hessid(const void *obj)
{
	return ((const H *) obj)->w.has_hessid;
}
static bool has_indication(const void *obj)
{
	return ((const H *) obj)->has_indication;
}
static struct field_items roaming(const void *obj, struct field_ctx *ctx)
{
	const H *h = obj;

	(void) ctx;
	return (struct field_items){h->roaming, h->n_roaming};
}
static const struct field roaming_elem = FIELD_ELEM_KIND(FIELD_OCTETS);
static const struct field hotspot_rows[] = {
	FIELD_TEXTS(H, "norn.hotspot.network_type", w.network_type, network_types,
		    "Kind of network that it gives access to.", .present = has_interworking),
	FIELD(H, "norn.hotspot.internet", w.internet, "It claims to lead to the Internet.",
	      .present = has_interworking),
	FIELD(H, "norn.hotspot.asra", w.asra, "More is asked before access is given.", .present = has_interworking),
	FIELD(H, "norn.hotspot.esr", w.esr, "Emergency services can be reached.", .present = has_interworking),
	FIELD(H, "norn.hotspot.uesa", w.uesa, "Emergency services without a login.", .present = has_interworking),
	FIELD(H, "norn.hotspot.venue_group", w.venue_group, "Group of the venue.", .present = has_venue),
	FIELD(H, "norn.hotspot.venue_type", w.venue_type, "Type of the venue.", .present = has_venue),
	FIELD(H, "norn.hotspot.hessid", w.hessid, "Address that all of the network share.", .present = has_hessid),
	FIELD_CALL_LIST("norn.hotspot.roaming", roaming, sizeof(struct octets), &roaming_elem,
			"Organizations whose users may join."),
	FIELD(H, "norn.hotspot.release", indication.release, "Release of Hotspot 2.0, from 1 on.",
	      .present = has_indication),
	FIELD(H, "norn.hotspot.dgaf_disabled", indication.dgaf_disabled, "Group frames are not forwarded.",
	      .present = has_indication),
	FIELD(H, "norn.hotspot.osen", osen, "Encrypted online signup."),
};
struct field_table hotspot_table = FIELD_TABLE(H, "hotspot", hotspot_rows);

const void *hotspot(const void *obj, struct field_ctx *ctx)
{
	struct span list = kept(obj), body, oi[ROAMING_MAX];
	struct hotspot h = {0}, *ret;

	h.has_interworking = element_find(list, ELEMENT_INTERWORKING, &body) && interworking_read(body, &h.w);
	if (element_find(list, ELEMENT_ROAMING_CONSORTIUM, &body))
		h.n_roaming = roaming_read(body, oi);
	h.has_indication = element_find(list, ELEMENT_HOTSPOT, &body) && hotspot_read(body, &h.indication);
	h.osen = element_find(list, ELEMENT_OSEN, &body);
	if (!h.has_interworking && h.n_roaming == 0 && !h.has_indication && !h.osen)
		return NULL;
	ret = arena_alloc(ctx->arena, sizeof(*ret));
	*ret = h;
	for (uint32_t i = 0; i < h.n_roaming; i++)
		ret->roaming[i] = (struct octets){(uint8_t *) (uintptr_t) oi[i].p, (uint32_t) oi[i].left};
	return ret;
}
