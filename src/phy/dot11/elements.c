#include "phy/dot11/elements.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/json_out.h"
#include "base/mem.h"
#include "base/ssid.h"
#include "base/uuid.h"
#include "track/context.h"
#include "wire/dot11/readers.h"

#define ELEMENTS_MAX 2304 /* octets kept of one frame */
#define KEPT_MAX 24       /* elements kept of one frame, unless all are */
#define LIST_MAX 256      /* elements of a list that a getter makes */
#define AIR_TEXT_MAX 128  /* octets of a name that are shown */

static struct span kept(const void *obj)
{
	const struct octets *o = obj;

	return span_of(o->p, o->n);
}

static void replace(struct octets *to, const struct span *pieces, size_t n)
{
	size_t total = 0, at = 0;
	bool same;

	for (size_t i = 0; i < n; i++)
		total += total + pieces[i].left <= ELEMENTS_MAX ? pieces[i].left : 0;
	same = total == to->n;
	for (size_t i = 0; same && i < n && at + pieces[i].left <= total; i++) {
		same = memcmp(to->p + at, pieces[i].p, pieces[i].left) == 0;
		at += pieces[i].left;
	}
	if (same && at == total)
		return;
	free(to->p);
	to->p = total ? xnew(uint8_t, total) : NULL;
	to->n = (uint32_t) total;
	at = 0;
	for (size_t i = 0; i < n && to->p && at + pieces[i].left <= total; i++) {
		memcpy(to->p + at, pieces[i].p, pieces[i].left);
		at += pieces[i].left;
	}
	to->n = (uint32_t) at;
}

/* The elements that getters read. */
static bool is_kept(enum element_id id, const struct dot11_keep *keep)
{
	switch (id) {
	case ELEMENT_COUNTRY: return keep->country;
	case ELEMENT_SUPPORTED_CHANNELS:
	case ELEMENT_ERP:
	case ELEMENT_RSN:
	case ELEMENT_RSN_OVERRIDE:
	case ELEMENT_RSN_OVERRIDE_2:
	case ELEMENT_INTERWORKING:
	case ELEMENT_ROAMING_CONSORTIUM:
	case ELEMENT_MESH_CONFIGURATION:
	case ELEMENT_MESH_ID:
	case ELEMENT_EXTENDED_CAPABILITIES:
	case ELEMENT_REDUCED_NEIGHBOR_REPORT:
	case ELEMENT_RSN_EXTENSION:
	case ELEMENT_MULTI_LINK:
	case ELEMENT_WMM:
	case ELEMENT_WPS:
	case ELEMENT_HOTSPOT:
	case ELEMENT_OSEN:
	case ELEMENT_OWE_TRANSITION: return true;
	default: return false;
	}
}

void dot11_keep_elements(struct octets *to, const struct frame *f, const struct dot11_keep *keep)
{
	struct span pieces[KEPT_MAX], all = f->elements.list;
	struct elements_at at = {0};
	struct element e;
	size_t n = 0;

	if (keep->all) {
		all.left = all.left < ELEMENTS_MAX ? all.left : ELEMENTS_MAX;
		replace(to, &all, all.left ? 1 : 0);
		return;
	}
	while (n < KEPT_MAX && elements_next(&f->elements, &at, &e))
		if (is_kept(e.id, keep))
			pieces[n++] = element_extent(all, &e);
	replace(to, pieces, n);
}

/* Text from the air as it is shown; none is absent. */
static struct field_text shown(struct span s, struct field_ctx *ctx)
{
	char text[AIR_TEXT_MAX * 6 + 1];

	if (s.left == 0)
		return (struct field_text){NULL, 0};
	(void) air_text(s.p, s.left < AIR_TEXT_MAX ? s.left : AIR_TEXT_MAX, text, sizeof(text));
	return arena_text(ctx, text);
}

static struct octets octets_of(struct span s)
{
	return (struct octets){(uint8_t *) (uintptr_t) s.p, (uint32_t) s.left};
}

/* WPS. */

static struct wps wps_of(const void *obj)
{
	struct span list = kept(obj);
	struct wps w = {0};
	struct element e;

	while (element_next(&list, &e))
		if (e.id == ELEMENT_WPS)
			wps_read(e.data, &w);
	return w;
}

bool wps_there(const void *obj)
{
	struct span attributes;

	return element_find(kept(obj), ELEMENT_WPS, &attributes);
}

#define WPS_TEXT(name, member)                                                                                         \
	struct field_text name(const void *obj, struct field_ctx *ctx)                                                 \
	{                                                                                                              \
		return shown(wps_of(obj).member, ctx);                                                                 \
	}
WPS_TEXT(wps_manufacturer, manufacturer)
WPS_TEXT(wps_device_name, device_name)
WPS_TEXT(wps_model_name, model_name)
WPS_TEXT(wps_model_number, model_number)
WPS_TEXT(wps_serial, serial_number)

#define WPS_NUMBER(name, member)                                                                                       \
	uint64_t name(const void *obj, struct field_ctx *ctx)                                                          \
	{                                                                                                              \
		(void) ctx;                                                                                            \
		return wps_of(obj).member;                                                                             \
	}
WPS_NUMBER(wps_version, version)
WPS_NUMBER(wps_version2, version2)
WPS_NUMBER(wps_state, state)
WPS_NUMBER(wps_config_methods, config_methods)
WPS_NUMBER(wps_password_id, password_id)
WPS_NUMBER(wps_selected, selected_registrar)
WPS_NUMBER(wps_bands, rf_bands)
WPS_NUMBER(wps_os, os_version)

struct field_text wps_uuid(const void *obj, struct field_ctx *ctx)
{
	struct wps w = wps_of(obj);
	char text[UUID_TEXT_SIZE];
	struct uuid u;

	if (w.uuid_e.left != 16)
		return (struct field_text){NULL, 0};
	memcpy(&u, w.uuid_e.p, 16);
	uuid_format(&u, text);
	return arena_text(ctx, text);
}

struct field_text wps_device_type(const void *obj, struct field_ctx *ctx)
{
	struct span s = wps_of(obj).device_type;
	uint16_t category, sub;
	uint32_t oui;
	char text[32];

	if (s.left != 8)
		return (struct field_text){NULL, 0};
	category = span_be16(&s);
	oui = span_be32(&s);
	sub = span_be16(&s);
	(void) snprintf(text, sizeof(text), "%u-%08X-%u", category, oui, sub);
	return arena_text(ctx, text);
}

struct field_items wps_attributes(const void *obj, struct field_ctx *ctx)
{
	struct wps_attribute *list = arena_alloc(ctx->arena, LIST_MAX * sizeof(*list));
	struct span elements = kept(obj), body;
	struct element e;
	uint32_t n = 0;
	uint16_t type;

	while (element_next(&elements, &e))
		while (e.id == ELEMENT_WPS && n < LIST_MAX && wps_next(&e.data, &type, &body))
			list[n++] = (struct wps_attribute){type, octets_of(body)};
	return (struct field_items){list, n};
}

static const struct field attribute_rows[] = {
	FIELD(struct wps_attribute, "norn.wps.attribute", type, "Number of the attribute."),
	FIELD(struct wps_attribute, "norn.wps.data", data, "Its octets.", .flags = FIELD_VIEW),
};
static struct field_table attribute_table = FIELD_TABLE(struct wps_attribute, "wps attribute", attribute_rows);
const struct field wps_attribute_elem = FIELD_ELEM_SELF(&attribute_table);

/* Whole elements. */

struct field_items element_numbers(const void *obj, struct field_ctx *ctx)
{
	uint8_t *list = arena_alloc(ctx->arena, LIST_MAX);
	struct span s = kept(obj);
	struct element e;
	uint32_t n = 0;

	while (n < LIST_MAX && element_next(&s, &e))
		list[n++] = e.number;
	return (struct field_items){list, n};
}
const struct field element_number_elem = FIELD_ELEM_KIND(FIELD_U8);

static uint32_t unique_id(const struct element_content *e)
{
	uint8_t b[7] = {e->number,
			(uint8_t) (e->oui >> 16),
			(uint8_t) (e->oui >> 8),
			(uint8_t) e->oui,
			(uint8_t) e->subtag,
			(uint8_t) (e->subtag >> 8),
			0};

	return XXH32(b, sizeof(b), 0);
}

struct field_items element_contents(const void *obj, struct field_ctx *ctx)
{
	struct element_content *list = arena_alloc(ctx->arena, LIST_MAX * sizeof(*list));
	struct span s = kept(obj);
	struct element e;
	uint32_t n = 0;

	while (n < LIST_MAX && element_next(&s, &e)) {
		struct element_content *c = &list[n++];

		*c = (struct element_content){.number = e.number, .data = octets_of(e.body)};
		c->subtag = element_subtype(&e, &c->oui);
		c->unique_id = unique_id(c);
	}
	return (struct field_items){list, n};
}

static struct field_text content_vendor(const void *obj, struct field_ctx *ctx)
{
	const struct element_content *e = obj;
	const struct track_context *context = ctx->context;
	struct mac m = {{(uint8_t) (e->oui >> 16), (uint8_t) (e->oui >> 8), (uint8_t) e->oui}};
	const char *name;

	if (e->oui == 0 || !context || !context->vendors)
		return (struct field_text){"", 0};
	name = vendor_name(context->vendors, vendor_find(context->vendors, &m));
	return (struct field_text){name, strlen(name)};
}

static const struct field content_rows[] = {
	FIELD(struct element_content, "dot11.ietag.uniqueid", unique_id, "Hash of number, OUI and subtag."),
	FIELD(struct element_content, "dot11.ietag.number", number, "Number of the element."),
	FIELD(struct element_content, "dot11.ietag.oui", oui, "OUI of its vendor, or 0."),
	FIELD_CALL_TEXT("dot11.ietag.oui_manuf", content_vendor, "Name of its vendor."),
	FIELD(struct element_content, "dot11.ietag.subtag", subtag,
	      "The vendor's type, or the number of the extension; -1: none."),
	FIELD(struct element_content, "dot11.ietag.data", data, "Its octets.", .flags = FIELD_VIEW),
};
static struct field_table content_table = FIELD_TABLE(struct element_content, "ie tag", content_rows);
const struct field element_content_elem = FIELD_ELEM_SELF(&content_table);

/* OWE transition: the network that the other name belongs to. */

bool owe_there(const void *obj)
{
	struct owe_transition owe;
	struct span data;

	return element_find(kept(obj), ELEMENT_OWE_TRANSITION, &data) && owe_transition_read(data, &owe);
}

static struct owe_transition owe_of(const void *obj)
{
	struct owe_transition owe = {0};
	struct span data;

	if (element_find(kept(obj), ELEMENT_OWE_TRANSITION, &data) && !owe_transition_read(data, &owe))
		owe = (struct owe_transition){0};
	return owe;
}

struct field_text owe_ssid(const void *obj, struct field_ctx *ctx)
{
	struct span name = owe_of(obj).ssid;

	return name.left ? shown(name, ctx) : (struct field_text){"", 0};
}

uint64_t owe_ssid_len(const void *obj, struct field_ctx *ctx)
{
	(void) ctx;
	return owe_of(obj).ssid.left;
}

struct field_text owe_bssid(const void *obj, struct field_ctx *ctx)
{
	const struct owe_transition owe = owe_of(obj);
	char text[MAC_TEXT_SIZE];

	mac_format(&owe.bssid, text);
	return arena_text(ctx, text);
}

/* Country. */

bool country_there(const void *obj)
{
	struct span s;

	return element_find(kept(obj), ELEMENT_COUNTRY, &s);
}

struct field_items country_ranges(const void *obj, struct field_ctx *ctx)
{
	struct country_range *list = arena_alloc(ctx->arena, LIST_MAX * sizeof(*list));
	struct country_triplet r;
	struct country c;
	struct span s;
	uint32_t n = 0;

	if (!element_find(kept(obj), ELEMENT_COUNTRY, &s) || !country_read(s, &c))
		return (struct field_items){NULL, 0};
	while (n < LIST_MAX && country_next(&c.ranges, &r))
		list[n++] = (struct country_range){r.first, r.count, r.power_dbm};
	return (struct field_items){list, n};
}

static const struct field range_rows[] = {
	FIELD(struct country_range, "dot11.11d.start_channel", first, "First channel."),
	FIELD(struct country_range, "dot11.11d.num_channels", count, "How many channels."),
	FIELD(struct country_range, "dot11.11d.tx_power", power_dbm, "Most power in dBm."),
};
static struct field_table range_table = FIELD_TABLE(struct country_range, "11d range", range_rows);
const struct field country_range_elem = FIELD_ELEM_SELF(&range_table);

bool erp_there(const void *obj)
{
	struct span s;
	uint8_t bits;

	return element_find(kept(obj), ELEMENT_ERP, &s) && erp_read(s, &bits);
}
uint64_t erp(const void *obj, struct field_ctx *ctx)
{
	uint8_t bits = 0;
	struct span s;

	(void) ctx;
	if (element_find(kept(obj), ELEMENT_ERP, &s))
		(void) erp_read(s, &bits);
	return bits;
}

/* Mesh. */

bool mesh_id_there(const void *obj)
{
	struct span s;

	return element_find(kept(obj), ELEMENT_MESH_ID, &s);
}
bool mesh_config_there(const void *obj)
{
	struct mesh_configuration mesh;
	struct span s;

	return element_find(kept(obj), ELEMENT_MESH_CONFIGURATION, &s) && mesh_configuration_read(s, &mesh);
}
struct field_text mesh_id(const void *obj, struct field_ctx *ctx)
{
	struct span s = {0};

	(void) element_find(kept(obj), ELEMENT_MESH_ID, &s);
	return shown(s, ctx);
}

static struct mesh_configuration mesh_of(const void *obj)
{
	struct mesh_configuration mesh = {0};
	struct span s;

	if (element_find(kept(obj), ELEMENT_MESH_CONFIGURATION, &s))
		(void) mesh_configuration_read(s, &mesh);
	return mesh;
}
uint64_t mesh_gateway(const void *obj, struct field_ctx *ctx)
{
	(void) ctx;
	return mesh_of(obj).gateway;
}
uint64_t mesh_peerings(const void *obj, struct field_ctx *ctx)
{
	(void) ctx;
	return mesh_of(obj).peerings;
}
uint64_t mesh_forwarding(const void *obj, struct field_ctx *ctx)
{
	(void) ctx;
	return mesh_of(obj).forwarding;
}

/* What a client can do. */

bool channels_there(const void *obj)
{
	struct span s;

	return element_find(kept(obj), ELEMENT_SUPPORTED_CHANNELS, &s);
}
bool capabilities_there(const void *obj)
{
	struct span s;

	return element_find(kept(obj), ELEMENT_EXTENDED_CAPABILITIES, &s);
}

struct field_items supported_channels(const void *obj, struct field_ctx *ctx)
{
	double *list = arena_alloc(ctx->arena, LIST_MAX * sizeof(*list));
	struct channel_range r;
	struct span s = {0};
	uint32_t n = 0;

	(void) element_find(kept(obj), ELEMENT_SUPPORTED_CHANNELS, &s);
	while (supported_channels_next(&s, &r))
		for (unsigned i = 0; i < r.count && n < LIST_MAX; i++)
			list[n++] = r.first + i * r.step;
	return (struct field_items){list, n};
}
const struct field channel_elem = FIELD_ELEM_KIND(FIELD_REAL);

struct field_items extended_capabilities(const void *obj, struct field_ctx *ctx)
{
	const char **list = arena_alloc(ctx->arena, LIST_MAX * sizeof(*list));
	struct span s = {0};
	uint32_t n = 0;

	(void) element_find(kept(obj), ELEMENT_EXTENDED_CAPABILITIES, &s);
	for (unsigned bit = 0; bit < s.left * 8 && n < LIST_MAX; bit++)
		if ((s.p[bit / 8] >> bit % 8 & 1) && extended_capability_name(bit))
			list[n++] = extended_capability_name(bit);
	return (struct field_items){list, n};
}
const struct field capability_elem = FIELD_ELEM_KIND(FIELD_STRING);
