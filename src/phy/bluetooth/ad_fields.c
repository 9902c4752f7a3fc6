/* Advertising data as records show it: kept as octets, and read when a request asks. */
#include "phy/bluetooth/ad_fields.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "phy/bluetooth/bluetooth.h"
#include "phy/bluetooth/companies.h"
#include "wire/bluetooth/appearances.h"
#include "wire/bluetooth/members.h"
#include "wire/bluetooth/services.h"

#define UUIDS_MAX 64    /* of one list that is shown */
#define SERVICES_MAX 16 /* of service data */

const struct field ad_uuid_elem = FIELD_ELEM(struct ad_uuid, text);
const struct field ad_text_elem = FIELD_ELEM(struct ad_text, text);

static const struct field service_rows[] = {
	FIELD(struct ad_service, "btle.short_service.uuid", uuid, "Number of the service."),
	FIELD(struct ad_service, "btle.common.uuid_vendor", vendor, "Whose number it is, as far as norn knows."),
	FIELD(struct ad_service, "btle.short_service.data", data, "What the service says, in hex."),
};
static struct field_table service_table = FIELD_TABLE(struct ad_service, "btle service data", service_rows);
const struct field ad_service_elem = FIELD_ELEM_SELF(&service_table);

static struct span span_of_octets(const struct octets *o)
{
	return span_of(o->p, o->n);
}

void ad_keep(struct octets *o, struct span s)
{
	size_t n = s.left < AD_OCTETS_MAX ? s.left : AD_OCTETS_MAX;

	if (n == 0 || (o->n == n && memcmp(o->p, s.p, n) == 0))
		return;
	if (o->n != n) {
		free(o->p);
		o->p = xalloc(n);
		o->n = (uint32_t) n;
	}
	memcpy(o->p, s.p, n);
}

struct field_items ad_uuids(const struct octets *data, bool solicit, struct field_ctx *ctx)
{
	struct ad_uuid *items = arena_alloc(ctx->arena, UUIDS_MAX * sizeof(*items));
	struct span s = span_of_octets(data), body;
	uint32_t n = 0;
	uint8_t type;

	while (ad_next(&s, &type, &body)) {
		uint8_t size = ad_uuid_size(type, solicit);

		while (size && body.left >= size && n < UUIDS_MAX)
			ad_uuid_text(span_sub(&body, size), items[n++].text);
	}
	return (struct field_items){items, n};
}

struct field_items ad_service_names(const struct octets *data, struct field_ctx *ctx)
{
	struct ad_text *items = arena_alloc(ctx->arena, UUIDS_MAX * sizeof(*items));
	struct span s = span_of_octets(data), body;
	uint32_t n = 0;
	uint8_t type;

	while (ad_next(&s, &type, &body))
		while ((ad_uuid_size(type, false) == 2 || type == AD_SERVICE_DATA16) && body.left >= 2 &&
		       n < UUIDS_MAX) {
			uint16_t number = span_le16(&body);
			const char *name = ad_service(number);

			name = name ? name : ad_member(number);
			if (name)
				(void) snprintf(items[n++].text, sizeof(items->text), "%s", name);
			if (type == AD_SERVICE_DATA16)
				break;
		}
	return (struct field_items){items, n};
}

struct field_items ad_service_data(const struct octets *data, struct field_ctx *ctx)
{
	struct ad_service *items = arena_alloc(ctx->arena, SERVICES_MAX * sizeof(*items));
	struct span s = span_of_octets(data), body;
	uint32_t n = 0;
	uint8_t type;

	while (n < SERVICES_MAX && ad_next(&s, &type, &body)) {
		struct ad_service *x = &items[n];
		const char *member;

		if (type != AD_SERVICE_DATA16 || body.left < 2)
			continue;
		x->uuid = span_le16(&body);
		member = ad_member(x->uuid);
		(void) snprintf(x->vendor, sizeof(x->vendor), "%s", member ? member : "");
		x->data.n = (uint32_t) body.left;
		x->data.p = body.left ? arena_copy(ctx->arena, body.p, body.left) : NULL;
		n++;
	}
	return (struct field_items){items, n};
}

struct field_text ad_company_text(const struct octets *data, struct field_ctx *ctx)
{
	struct span body;
	const char *name;
	char text[8];
	uint16_t number;

	if (!ad_find(span_of_octets(data), AD_VENDOR, &body) || body.left < 2)
		return (struct field_text){"", 0};
	number = span_le16(&body);
	name = bluetooth_company(number);
	if (!name) {
		(void) snprintf(text, sizeof(text), "0x%04x", number);
		name = arena_copy(ctx->arena, text, sizeof(text));
	}
	return (struct field_text){name, strlen(name)};
}

struct field_text ad_appearance_text(const struct octets *data, bool exact)
{
	struct span body;
	const char *name;
	uint16_t number;

	if (!ad_find(span_of_octets(data), AD_APPEARANCE, &body) || body.left < 2)
		return (struct field_text){"", 0};
	number = span_le16(&body);
	name = exact ? ad_appearance(number) : ad_appearance_category(number);
	return name ? (struct field_text){name, strlen(name)} : (struct field_text){"", 0};
}

uint8_t ad_flags(const struct octets *data)
{
	struct span body;

	return ad_find(span_of_octets(data), AD_FLAGS, &body) && body.left ? span_u8(&body) : 0;
}
