#include "phy/dot11/elements.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/json_out.h"
#include "base/mem.h"
#include "base/ssid.h"
#include "base/uuid.h"
#include "track/env.h"
#include "wire/dot11/element.h"

#define ELEMENTS_MAX 2304 /* octets kept of one frame */
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

void dot11_keep_elements(struct octets *to, const struct frame *f, const struct dot11_keep *keep)
{
	struct span pieces[FRAME_KEEP_MAX] = {0};
	size_t n = 0;

	if (keep->all) {
		pieces[n] = f->ies;
		pieces[n].left = f->ies.left < ELEMENTS_MAX ? f->ies.left : ELEMENTS_MAX;
		replace(to, pieces, pieces[0].left ? 1 : 0);
		return;
	}
	for (size_t i = 0; i < f->n_keep; i++)
		if (f->keep[i].p[0] != ELEMENT_COUNTRY || keep->country)
			pieces[n++] = f->keep[i];
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

static struct frame_wps wps_of(const void *obj)
{
	struct span list = kept(obj), attributes;
	struct frame_wps w = {0};

	if (element_find(list, ELEMENT_VENDOR, VENDOR_WPS, &attributes))
		wps_read(attributes, &w);
	return w;
}

bool wps_there(const void *obj)
{
	struct span attributes;

	return element_find(kept(obj), ELEMENT_VENDOR, VENDOR_WPS, &attributes);
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
	struct frame_wps w = wps_of(obj);
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
	struct span attributes, body;
	uint32_t n = 0;
	uint16_t type;

	if (!element_find(kept(obj), ELEMENT_VENDOR, VENDOR_WPS, &attributes))
		return (struct field_items){NULL, 0};
	while (n < LIST_MAX && wps_next(&attributes, &type, &body))
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
		list[n++] = e.id;
	return (struct field_items){list, n};
}
const struct field element_number_elem = FIELD_ELEM_KIND(FIELD_U8);

static uint32_t unique_id(const struct element *e)
{
	uint8_t b[7] = {e->id,
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

	while (n < LIST_MAX && element_next(&s, &e))
		list[n++] = (struct element_content){.unique_id = unique_id(&e),
						     .oui = e.oui,
						     .number = e.id,
						     .subtag = e.subtag,
						     .data = octets_of(e.body)};
	return (struct field_items){list, n};
}

static struct field_text content_vendor(const void *obj, struct field_ctx *ctx)
{
	const struct element_content *e = obj;
	const struct track_env *env = ctx->env;
	struct mac m = {{(uint8_t) (e->oui >> 16), (uint8_t) (e->oui >> 8), (uint8_t) e->oui}};
	const char *name;

	if (e->oui == 0 || !env || !env->vendors)
		return (struct field_text){"", 0};
	name = vendor_name(env->vendors, vendor_find(env->vendors, &m));
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
	struct span rest, name;
	struct mac bssid;

	return element_find(kept(obj), ELEMENT_VENDOR, VENDOR_OWE, &rest) && element_owe(rest, &bssid, &name);
}

static struct span owe_of(const void *obj, struct mac *ret_bssid)
{
	struct span rest, name = {0};

	*ret_bssid = (struct mac){{0}};
	if (element_find(kept(obj), ELEMENT_VENDOR, VENDOR_OWE, &rest))
		(void) element_owe(rest, ret_bssid, &name);
	return name;
}

struct field_text owe_ssid(const void *obj, struct field_ctx *ctx)
{
	struct mac bssid;
	struct span name = owe_of(obj, &bssid);

	return name.left ? shown(name, ctx) : (struct field_text){"", 0};
}

uint64_t owe_ssid_len(const void *obj, struct field_ctx *ctx)
{
	struct mac bssid;

	(void) ctx;
	return owe_of(obj, &bssid).left;
}

struct field_text owe_bssid(const void *obj, struct field_ctx *ctx)
{
	char text[MAC_TEXT_SIZE];
	struct mac bssid;

	(void) owe_of(obj, &bssid);
	mac_format(&bssid, text);
	return arena_text(ctx, text);
}

/* Country. */

bool country_there(const void *obj)
{
	struct span s;

	return element_find(kept(obj), ELEMENT_COUNTRY, 0, &s);
}

struct field_items country_ranges(const void *obj, struct field_ctx *ctx)
{
	struct country_range *list = arena_alloc(ctx->arena, LIST_MAX * sizeof(*list));
	struct element_range r;
	struct span s;
	uint32_t n = 0;

	if (!element_find(kept(obj), ELEMENT_COUNTRY, 0, &s))
		return (struct field_items){NULL, 0};
	span_skip(&s, 3);
	while (n < LIST_MAX && element_next_range(&s, &r))
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

/* 9.4.2.11: one octet. */
bool erp_there(const void *obj)
{
	struct span s;

	return element_find(kept(obj), ELEMENT_ERP, 0, &s) && s.left;
}
uint64_t erp(const void *obj, struct field_ctx *ctx)
{
	struct span s = {0};

	(void) ctx;
	(void) element_find(kept(obj), ELEMENT_ERP, 0, &s);
	return span_u8(&s);
}

/* Mesh. */

bool mesh_id_there(const void *obj)
{
	struct span s;

	return element_find(kept(obj), ELEMENT_MESH_ID, 0, &s);
}
bool mesh_config_there(const void *obj)
{
	struct span s;

	return element_find(kept(obj), ELEMENT_MESH_CONFIG, 0, &s) && s.left >= 7;
}
struct field_text mesh_id(const void *obj, struct field_ctx *ctx)
{
	struct span s = {0};

	(void) element_find(kept(obj), ELEMENT_MESH_ID, 0, &s);
	return shown(s, ctx);
}

/* 9.4.2.97: five octets of identifiers, formation info, capability. */
static uint8_t mesh_octet(const void *obj, size_t at)
{
	struct span s;

	if (!element_find(kept(obj), ELEMENT_MESH_CONFIG, 0, &s))
		return 0;
	span_skip(&s, at);
	return span_u8(&s);
}
uint64_t mesh_gateway(const void *obj, struct field_ctx *ctx)
{
	(void) ctx;
	return mesh_octet(obj, 5) & 1;
}
uint64_t mesh_peerings(const void *obj, struct field_ctx *ctx)
{
	(void) ctx;
	return mesh_octet(obj, 5) >> 1 & 63;
}
uint64_t mesh_forwarding(const void *obj, struct field_ctx *ctx)
{
	(void) ctx;
	return mesh_octet(obj, 6) >> 3 & 1;
}

/* What a client can do. */

bool channels_there(const void *obj)
{
	struct span s;

	return element_find(kept(obj), ELEMENT_SUPPORTED_CHANNELS, 0, &s);
}
bool capabilities_there(const void *obj)
{
	struct span s;

	return element_find(kept(obj), ELEMENT_EXT_CAP, 0, &s);
}

/* 9.4.2.17: pairs of first channel and how many; above 14 they stand four apart. */
struct field_items supported_channels(const void *obj, struct field_ctx *ctx)
{
	double *list = arena_alloc(ctx->arena, LIST_MAX * sizeof(*list));
	struct span s = {0};
	uint32_t n = 0;

	(void) element_find(kept(obj), ELEMENT_SUPPORTED_CHANNELS, 0, &s);
	while (s.left >= 2) {
		unsigned first = span_u8(&s), count = span_u8(&s);

		for (unsigned i = 0; i < count && n < LIST_MAX; i++)
			list[n++] = first + i * (first > 14 ? 4u : 1u);
	}
	return (struct field_items){list, n};
}
const struct field channel_elem = FIELD_ELEM_KIND(FIELD_REAL);

struct field_items extended_capabilities(const void *obj, struct field_ctx *ctx)
{
	const char **list = arena_alloc(ctx->arena, LIST_MAX * sizeof(*list));
	struct span s = {0};
	uint32_t n = 0;

	(void) element_find(kept(obj), ELEMENT_EXT_CAP, 0, &s);
	for (unsigned bit = 0; bit < s.left * 8 && n < LIST_MAX; bit++)
		if ((s.p[bit / 8] >> bit % 8 & 1) && element_capability(bit))
			list[n++] = element_capability(bit);
	return (struct field_items){list, n};
}
const struct field capability_elem = FIELD_ELEM_KIND(FIELD_STRING);
