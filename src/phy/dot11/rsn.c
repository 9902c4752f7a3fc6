/* The rows of the RSN element, which is kept as it came. */
#include "phy/dot11/rsn.h"

#include <stdio.h>
#include <string.h>

#include "phy/dot11/elements.h"
#include "wire/dot11/readers.h"

#define EXTENSIONS_MAX 64

static struct span kept(const void *obj)
{
	const struct octets *o = obj;

	return span_of(o->p, o->n);
}

struct rsn_view {
	const char *group, *group_management;
	const char *pairwise[RSN_SUITES_MAX], *akms[RSN_SUITES_MAX];
	struct octets pmkids[RSN_PMKIDS_MAX];
	struct rsn e;
};
#define R struct rsn_view

/* The suite's name; of those of vendors, OUI and type. */
static const char *suite_text(const char *name, uint32_t suite, struct field_ctx *ctx)
{
	char text[16];

	if (name)
		return name;
	(void) snprintf(text, sizeof(text), "%02X-%02X-%02X:%u", suite >> 24, suite >> 16 & 255, suite >> 8 & 255,
			suite & 255);
	return arena_copy(ctx->arena, text, strlen(text) + 1);
}

static struct field_items pairwise(const void *obj, struct field_ctx *ctx)
{
	(void) ctx;
	return (struct field_items){((const R *) obj)->pairwise, ((const R *) obj)->e.n_pairwise};
}
static struct field_items akms(const void *obj, struct field_ctx *ctx)
{
	(void) ctx;
	return (struct field_items){((const R *) obj)->akms, ((const R *) obj)->e.n_akms};
}
static struct field_items pmkids(const void *obj, struct field_ctx *ctx)
{
	(void) ctx;
	return (struct field_items){((const R *) obj)->pmkids, ((const R *) obj)->e.n_pmkids};
}
static struct field_text text_of(const char *s)
{
	return (struct field_text){s, strlen(s)};
}
static struct field_text group(const void *obj, struct field_ctx *ctx)
{
	(void) ctx;
	return text_of(((const R *) obj)->group);
}
static struct field_text group_management(const void *obj, struct field_ctx *ctx)
{
	(void) ctx;
	return text_of(((const R *) obj)->group_management);
}
/* There is none without management frame protection. */
static bool has_group_management(const void *obj)
{
	const R *r = obj;

	return r->e.has_group_management || (r->e.capabilities & 0x80);
}

static const struct field pmkid_elem = FIELD_ELEM_KIND(FIELD_OCTETS);
static const struct field suite_elem = FIELD_ELEM_KIND(FIELD_STRING);
static const struct field rsn_rows[] = {
	FIELD_CALL_TEXT("norn.rsn.group_cipher", group, "Cipher of group frames."),
	FIELD_CALL_LIST("norn.rsn.pairwise_ciphers", pairwise, sizeof(char *), &suite_elem,
			"Ciphers of frames for one station."),
	FIELD_CALL_LIST("norn.rsn.akms", akms, sizeof(char *), &suite_elem,
			"Authentication and key management suites."),
	FIELD_CALL_TEXT("norn.rsn.group_management_cipher", group_management, "Cipher of group management frames.",
			.present = has_group_management),
	FIELD(R, "norn.rsn.capabilities", e.capabilities, "Capabilities, as sent."),
	FIELD_CALL_LIST("norn.rsn.pmkids", pmkids, sizeof(struct octets), &pmkid_elem,
			"PMKIDs that a station offers to resume."),
};
struct field_table rsn_table = FIELD_TABLE(R, "rsn", rsn_rows);

static const void *suites_of(const void *obj, enum element_id id, struct field_ctx *ctx)
{
	struct rsn e;
	struct span body;
	R *r;

	if (!element_find(kept(obj), id, &body) || !rsn_read(body, &e))
		return NULL;
	r = arena_alloc(ctx->arena, sizeof(*r));
	r->e = e;
	r->group = suite_text(rsn_cipher_name(e.group), e.group, ctx);
	r->group_management = suite_text(rsn_cipher_name(e.group_management), e.group_management, ctx);
	for (uint8_t i = 0; i < e.n_pairwise; i++)
		r->pairwise[i] = suite_text(rsn_cipher_name(e.pairwise[i]), e.pairwise[i], ctx);
	for (uint8_t i = 0; i < e.n_akms; i++)
		r->akms[i] = suite_text(rsn_akm_name(e.akms[i]), e.akms[i], ctx);
	for (uint8_t i = 0; i < e.n_pmkids; i++)
		r->pmkids[i] = (struct octets){(uint8_t *) (uintptr_t) span_take(&e.pmkids, 16), 16};
	return r;
}

const void *rsn(const void *obj, struct field_ctx *ctx)
{
	return suites_of(obj, ELEMENT_RSN, ctx);
}

const void *rsn_override(const void *obj, struct field_ctx *ctx)
{
	return suites_of(obj, ELEMENT_RSN_OVERRIDE, ctx);
}

const void *rsn_override_2(const void *obj, struct field_ctx *ctx)
{
	return suites_of(obj, ELEMENT_RSN_OVERRIDE_2, ctx);
}

bool rsn_extensions_there(const void *obj)
{
	struct span s;

	return element_find(kept(obj), ELEMENT_RSN_EXTENSION, &s);
}

struct field_items rsn_extensions(const void *obj, struct field_ctx *ctx)
{
	const char **list = arena_alloc(ctx->arena, EXTENSIONS_MAX * sizeof(*list));
	struct span s = {0};
	uint32_t n = 0;

	(void) element_find(kept(obj), ELEMENT_RSN_EXTENSION, &s);
	for (unsigned bit = 4; bit < s.left * 8 && n < EXTENSIONS_MAX; bit++)
		if ((s.p[bit / 8] >> bit % 8 & 1) && rsn_extension_name(bit))
			list[n++] = rsn_extension_name(bit);
	return (struct field_items){list, n};
}
