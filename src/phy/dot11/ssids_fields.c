/* The rows of a name over all devices. */
#include <string.h>

#include "phy/dot11/crypt.h"
#include "phy/dot11/dot11.h"
#include "phy/dot11/ssid_fields.h"
#include "phy/dot11/ssids.h"

#define G struct ssid_group
static struct field_text words(const void *obj, struct field_ctx *ctx)
{
	char text[CRYPT_TEXT_SIZE];

	crypt_text(((const G *) obj)->crypt, text);
	return arena_text(ctx, text);
}
static uint64_t older_bits(const void *obj, struct field_ctx *ctx)
{
	(void) ctx;
	return crypt_legacy(((const G *) obj)->crypt);
}
static struct field_text name_hex(const void *obj, struct field_ctx *ctx)
{
	const G *g = obj;

	return dot11_hex(g->ssid.b, g->ssid.len, ctx);
}
static bool needs_hex(const void *obj)
{
	return dot11_needs_hex(&((const G *) obj)->ssid);
}

static struct field_text skeleton(const void *obj, struct field_ctx *ctx)
{
	return dot11_name_skeleton(&((const G *) obj)->ssid, ctx);
}
static struct field_text marks(const void *obj, struct field_ctx *ctx)
{
	return dot11_name_marks(&((const G *) obj)->ssid, ctx);
}

static uint64_t count(const G *g, enum ssid_role role)
{
	uint64_t n = 0;

	for (uint32_t i = 0; i < g->devices.count; i++)
		n += (g->devices.items[i].roles & role) != 0;
	return n;
}

static struct field_items keys(const G *g, enum ssid_role role, struct field_ctx *ctx)
{
	struct key *items = arena_alloc(ctx->arena, (g->devices.count + 1) * sizeof(*items));
	uint32_t n = 0;

	for (uint32_t i = 0; i < g->devices.count; i++)
		if (g->devices.items[i].roles & role)
			items[n++] = (struct key){g->phy_hash, g->devices.items[i].mac};
	return (struct field_items){items, n};
}

#define ROLE(name, role)                                                                                               \
	static struct field_items name##_keys(const void *obj, struct field_ctx *ctx)                                  \
	{                                                                                                              \
		return keys(obj, role, ctx);                                                                           \
	}                                                                                                              \
	static uint64_t name##_count(const void *obj, struct field_ctx *ctx)                                           \
	{                                                                                                              \
		(void) ctx;                                                                                            \
		return count(obj, role);                                                                               \
	}
ROLE(advertising, SSID_ADVERTISING)
ROLE(responding, SSID_RESPONDING)
ROLE(probing, SSID_PROBING)

static const struct field key_elem = FIELD_ELEM_KIND(FIELD_KEY);

#define KEYS(name, text)                                                                                               \
	FIELD_CALL_LIST("dot11.ssidgroup." #name "_devices", name##_keys, sizeof(struct key), &key_elem,               \
			"Keys of devices that " text)
#define COUNT(name, text)                                                                                              \
	FIELD_CALL_U64("dot11.ssidgroup." #name "_devices_len", name##_count, "How many devices " text)
static const struct field rows[] = {
	FIELD(G, "dot11.ssidgroup.hash", hash, "Hash of the name and its length.", .type = "uint64_t"),
	FIELD(G, "dot11.ssidgroup.ssid", ssid, "Name of the network.", .type = "string"),
	FIELD_CALL_TEXT("norn.ssidgroup.ssid_hex", name_hex, "Octets of a name whose text does not show them all.",
			.present = needs_hex),
	FIELD_CALL_TEXT("norn.ssid_skeleton", skeleton, NAME_SKELETON_DOC),
	FIELD_CALL_TEXT("norn.ssid_marks", marks, NAME_MARKS_DOC),
	FIELD(G, "dot11.ssidgroup.ssid_len", ssid.len, "Octets of the name.", .type = "uint32_t", .flags = FIELD_VIEW),
	FIELD_CALL_U64("dot11.ssidgroup.crypt_set", older_bits,
		       "Encryption of all networks of the name, the older bits."),
	FIELD(G, "norn.ssidgroup.crypt_bitfield", crypt, "The same, 64 bits.", .flags = FIELD_ADDED),
	FIELD_CALL_TEXT("dot11.ssidgroup.crypt_string", words, "The same, in words."),
	FIELD(G, "dot11.ssidgroup.first_time", first_sec, "First seen, packet time.", .type = "uint64_t"),
	FIELD(G, "dot11.ssidgroup.last_time", last_sec, "Last seen, packet time.", .type = "uint64_t"),
	KEYS(probing, "look for it."),
	KEYS(responding, "answer probes with it."),
	KEYS(advertising, "advertise it in beacons."),
	COUNT(probing, "look for it."),
	COUNT(responding, "answer probes with it."),
	COUNT(advertising, "advertise it in beacons."),
};
struct field_table ssid_group_table = FIELD_TABLE(G, "SSID group", rows);
