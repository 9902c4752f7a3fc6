/* The rows of networks that are advertised and looked for. */
#include "phy/dot11/ssid_fields.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "base/json_out.h"
#include "field/load.h"
#include "phy/dot11/crypt.h"
#include "phy/dot11/dot11.h"
#include "phy/dot11/elements.h"
#include "phy/dot11/links.h"
#include "phy/dot11/lookalike.h"
#include "phy/dot11/rsn.h"
#include "phy/dot11/ssid.h"
#include "phy/dot11/wmm.h"
#include "wire/dot11/readers.h"

#define ELEMENTS_MOST 65536 /* octets of a frame's elements that are read back */

static struct field_text crypt_words(uint64_t bits, struct field_ctx *ctx)
{
	char text[CRYPT_TEXT_SIZE];

	crypt_text(bits, text);
	return arena_text(ctx, text);
}

struct field_text dot11_hex(const uint8_t *p, size_t n, struct field_ctx *ctx)
{
	char *t = arena_alloc(ctx->arena, n * 2);

	(void) hex_write(t, hex_upper, p, n);
	return (struct field_text){t, n * 2};
}

static const char *const ht_modes[] = {"", "HT20", "HT40+", "HT40-", "HT80", "HT160", "HT80+80", NULL};

static struct field_text advertised_crypt(const void *obj, struct field_ctx *ctx)
{
	return crypt_words(((const struct dot11_advertised *) obj)->crypt, ctx);
}
static double advertised_rate(const void *obj, struct field_ctx *ctx)
{
	(void) ctx;
	return ((const struct dot11_advertised *) obj)->max_rate_100kbps / 10.0;
}
static double qbss_percent(const void *obj, struct field_ctx *ctx)
{
	(void) ctx;
	return ((const struct dot11_advertised *) obj)->qbss_utilisation / 255.0 * 100.0;
}
bool dot11_needs_hex(const struct ssid *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->len; i++) {
		size_t len = s->b[i] < 32 || s->b[i] == 0x7f ? 0 : utf8_sequence(s->b + i, s->len - i);

		if (len == 0 || (s->b[i] == 0xc2 && s->b[i + 1] < 0xa0)) /* C1 */
			return true;
		i += len - 1;
		n++;
	}
	return n > 0 && memchr(s->b, '\\', s->len);
}
#define HEX(T, name)                                                                                                   \
	static struct field_text name##_hex(const void *obj, struct field_ctx *ctx)                                    \
	{                                                                                                              \
		const T *x = obj;                                                                                      \
                                                                                                                       \
		return dot11_hex(x->ssid.b, x->ssid.len, ctx);                                                         \
	}                                                                                                              \
	static bool name##_needs_hex(const void *obj)                                                                  \
	{                                                                                                              \
		return dot11_needs_hex(&((const T *) obj)->ssid);                                                      \
	}
HEX(struct dot11_advertised, advertised)
HEX(struct dot11_probed, probed)

struct field_text dot11_name_skeleton(const struct ssid *name, struct field_ctx *ctx)
{
	struct lookalike look;

	lookalike_of(name, &look);
	return arena_text(ctx, look.skeleton);
}

struct field_text dot11_name_marks(const struct ssid *name, struct field_ctx *ctx)
{
	struct lookalike look;
	char text[LOOKALIKE_MARKS_SIZE] = "";

	lookalike_of(name, &look);
	if (!ssid_is_hidden(name))
		lookalike_marks_text(look.marks, text);
	return arena_text(ctx, text);
}

#define LOOK(T, name)                                                                                                  \
	static struct field_text name##_skeleton(const void *obj, struct field_ctx *ctx)                               \
	{                                                                                                              \
		return dot11_name_skeleton(&((const T *) obj)->ssid, ctx);                                             \
	}                                                                                                              \
	static struct field_text name##_marks(const void *obj, struct field_ctx *ctx)                                  \
	{                                                                                                              \
		return dot11_name_marks(&((const T *) obj)->ssid, ctx);                                                \
	}
LOOK(struct dot11_advertised, advertised)
LOOK(struct dot11_probed, probed)
#define A struct dot11_advertised
static bool has_country(const void *o)
{
	return ((const A *) o)->has_country;
}

static bool has_all_advertised(const void *o)
{
	return ((const A *) o)->all_elements;
}
static bool has_color(const void *o)
{
	return ((const A *) o)->bss_color;
}
static double fastest_rate(const void *obj, struct field_ctx *ctx)
{
	const A *a = obj;

	(void) ctx;
	return (a->he_rate_100kbps > a->max_rate_100kbps ? a->he_rate_100kbps : a->max_rate_100kbps) / 10.0;
}
/* Reading back fields that are shown by functions. */
static bool load_name(struct ssid *to, const struct json_in *v)
{
	struct octets o = {0};
	bool good = field_load_hex(v, SSID_MAX, &o);

	if (good) {
		*to = (struct ssid){.len = (uint8_t) o.n};
		if (o.n)
			memcpy(to->b, o.p, o.n);
	}
	free(o.p);
	return good;
}
static bool set_advertised_hex(const struct field *row, void *obj, const struct json_in *v, struct field_load *l)
{
	(void) row;
	(void) l;
	return load_name(&((A *) obj)->ssid, v);
}
/* Mbit/s. */
static bool load_rate(uint32_t *to_100kbps, const struct json_in *v)
{
	double n;

	if (!json_in_real(v, &n) || !(n >= 0 && n < 1e6))
		return false;
	*to_100kbps = (uint32_t) lround(n * 10);
	return true;
}
static bool set_rate(const struct field *row, void *obj, const struct json_in *v, struct field_load *l)
{
	(void) row;
	(void) l;
	return load_rate(&((A *) obj)->max_rate_100kbps, v);
}
static bool set_fastest(const struct field *row, void *obj, const struct json_in *v, struct field_load *l)
{
	(void) row;
	(void) l;
	return load_rate(&((A *) obj)->he_rate_100kbps, v);
}
static bool set_percent(const struct field *row, void *obj, const struct json_in *v, struct field_load *l)
{
	double n;

	(void) row;
	(void) l;
	if (!json_in_real(v, &n) || !(n >= 0 && n <= 100))
		return false;
	((A *) obj)->qbss_utilisation = (uint8_t) lround(n / 100 * 255);
	return true;
}
static bool set_country(const struct field *row, void *obj, const struct json_in *v, struct field_load *l)
{
	A *a = obj;

	a->has_country = field_load_value(row, obj, v, l);
	return a->has_country;
}
static bool set_elements(const struct field *row, void *obj, const struct json_in *v, struct field_load *l)
{
	(void) row;
	(void) l;
	return field_load_hex(v, ELEMENTS_MOST, obj); /* the first member of each record that keeps some */
}
static bool has_elements(const void *obj)
{
	return ((const struct octets *) obj)->n > 0;
}
static bool is_private(const void *obj)
{
	return ((const A *) obj)->privacy;
}

static const char *const generations[] = {"b/g/a", "n", "ac", "ax", "be", NULL};

static const struct field advertised_rows[] = {
	FIELD(A, "dot11.advertisedssid.ssid", ssid, "Name of the network.", .type = "string"),
	FIELD_CALL_TEXT("norn.advertisedssid.ssid_hex", advertised_hex,
			"Octets of a name whose text does not show them all.", .present = advertised_needs_hex,
			.set = set_advertised_hex),
	FIELD_CALL_TEXT("norn.ssid_skeleton", advertised_skeleton, NAME_SKELETON_DOC),
	FIELD_CALL_TEXT("norn.ssid_marks", advertised_marks, NAME_MARKS_DOC),
	FIELD(A, "dot11.advertisedssid.ssidlen", ssid.len, "Octets of the name.", .type = "uint32_t",
	      .flags = FIELD_VIEW),
	FIELD(A, "dot11.advertisedssid.ssid_hash", hash, "Hash of the name.", .type = "uint64_t"),
	FIELD_CALL_TEXT("dot11.advertisedssid.owe_ssid", owe_ssid, "Name of the OWE companion.", .present = owe_there),
	FIELD_CALL_U64("dot11.advertisedssid.owe_ssid_len", owe_ssid_len, "Octets of that name.", .type = "uint8_t",
		       .present = owe_there),
	FIELD_CALL_TEXT("dot11.advertisedssid.owe_bssid", owe_bssid, "BSSID of the OWE companion.", .type = "macaddr",
			.present = owe_there),
	FIELD(A, "dot11.advertisedssid.beacon", beacon, "Seen in beacons.", .type = "uint8_t"),
	FIELD(A, "dot11.advertisedssid.probe_response", probe_response, "Seen in probe responses.", .type = "uint8_t"),
	FIELD(A, "dot11.advertisedssid.channel", channel, "Advertised channel."),
	FIELD_TEXTS(A, "dot11.advertisedssid.ht_mode", ht_mode, ht_modes, "Channel width."),
	FIELD(A, "dot11.advertisedssid.ht_center_1", center1_mhz, "Centre in MHz.", .type = "uint64_t"),
	FIELD(A, "dot11.advertisedssid.ht_center_2", center2_mhz, "Second centre in MHz.", .type = "uint64_t"),
	FIELD(A, "dot11.advertisedssid.first_time", first_sec, "First seen.", .type = "uint64_t"),
	FIELD(A, "dot11.advertisedssid.last_time", last_sec, "Last seen.", .type = "uint64_t"),
	FIELD(A, "dot11.advertisedssid.beacon_info", beacon_info, "The vendor's name of the AP."),
	FIELD(A, "dot11.advertisedssid.cloaked", cloaked, "The name is hidden.", .type = "uint8_t"),
	FIELD(A, "dot11.advertisedssid.crypt_bitfield", crypt, "Encryption, 64 bits."),
	FIELD(A, "dot11.advertisedssid.crypt_set", crypt_set, "Encryption, the older bits."),
	FIELD_CALL_TEXT("dot11.advertisedssid.crypt_string", advertised_crypt, "Encryption, in words."),
	FIELD_CALL_REAL("dot11.advertisedssid.maxrate", advertised_rate, "Highest rate in Mbit/s.", .set = set_rate),
	FIELD(A, "dot11.advertisedssid.beaconrate", beacon_rate, "Beacons per second by the interval."),
	FIELD(A, "dot11.advertisedssid.beacons_sec", beacons_in_sec, "Beacons in the current second."),
	FIELD(A, "dot11.advertisedssid.ietag_checksum", ie_checksum, "CRC-32 over the elements."),
	FIELD(A, "dot11.advertisedssid.wpa_mfp_required", mfp_required, "Management frame protection is required.",
	      .type = "uint8_t"),
	FIELD(A, "dot11.advertisedssid.wpa_mfp_supported", mfp_supported, "Management frame protection is supported.",
	      .type = "uint8_t"),
	FIELD(A, "dot11.advertisedssid.dot11d_country", country, "Country.", .present = has_country,
	      .set = set_country),
	FIELD_CALL_LIST("dot11.advertisedssid.dot11d_list", country_ranges, sizeof(struct country_range),
			&country_range_elem, "Ranges of channels that the country allows.", .present = country_there),
	WPS_ROWS("advertisedssid"),
	FIELD_OWN(A, "dot11.advertisedssid.location", location, &location_table, "Where the network was seen."),
	FIELD(A, "dot11.advertisedssid.dot11r_mobility", mobility, "Fast transition is offered.", .type = "uint8_t"),
	FIELD(A, "dot11.advertisedssid.dot11r_mobility_domain_id", mobility_domain, "Mobility domain."),
	FIELD(A, "dot11.advertisedssid.dot11e_qbss", qbss, "The load is announced.", .type = "uint8_t"),
	FIELD(A, "dot11.advertisedssid.dot11e_qbss_stations", qbss_stations, "Stations that the AP announces."),
	FIELD_CALL_REAL("dot11.advertisedssid.dot11e_channel_utilization_perc", qbss_percent,
			"Load of the channel in percent.", .set = set_percent),
	FIELD(A, "dot11.advertisedssid.ccx_txpower", ccx_power, "Cisco CCX power in dBm."),
	FIELD(A, "dot11.advertisedssid.cisco_client_mfp", cisco_mfp, "Cisco's client management frame protection.",
	      .type = "uint8_t"),
	FIELD_CALL_LIST("dot11.advertisedssid.ie_tag_list", element_numbers, 1, &element_number_elem,
			"Numbers of its elements.", .present = has_all_advertised, .type = "vector[double]"),
	FIELD_CALL_LIST("dot11.advertisedssid.ie_tag_content", element_contents, sizeof(struct element_content),
			&element_content_elem, "Its elements.", .present = has_all_advertised),
	FIELD_CALL_TEXT("dot11.advertisedssid.dot11s.meshid", mesh_id, "Mesh identifier.", .present = mesh_id_there),
	FIELD_CALL_U64("dot11.advertisedssid.dot11s.gateway", mesh_gateway, "Mesh gate.", .present = mesh_config_there,
		       .type = "uint8_t"),
	FIELD_CALL_U64("dot11.advertisedssid.dot11s.num_peerings", mesh_peerings, "Mesh peers.",
		       .present = mesh_config_there, .type = "uint8_t"),
	FIELD_CALL_U64("dot11.advertisedssid.dot11s.forwarding", mesh_forwarding, "Mesh forwards.",
		       .present = mesh_config_there, .type = "uint8_t"),
	FIELD(A, "dot11.advertisedssid.advertised_txpower", tpc_power, "Transmit power by the TPC report."),
	FIELD(A, "norn.advertisedssid.elements", elements, "Elements that are kept.", .flags = FIELD_STATE,
	      .present = has_elements, .set = set_elements),
	FIELD(A, "norn.advertisedssid.all_elements", all_elements, "The elements kept are all of them.",
	      .flags = FIELD_STATE, .present = has_all_advertised),
	FIELD(A, "norn.advertisedssid.interval", interval, "Interval of beacons, TU.", .flags = FIELD_STATE),
	FIELD(A, "norn.advertisedssid.privacy", privacy, "The privacy bit.", .flags = FIELD_STATE,
	      .present = is_private),
	FIELD(A, "norn.advertisedssid.beacons_second", beacons_sec, "The second that beacons_sec counts.",
	      .flags = FIELD_STATE),
	FIELD_TEXTS(A, "norn.advertisedssid.generation", generation, generations, "Generation of Wi-Fi."),
	FIELD(A, "norn.advertisedssid.width_mhz", width_mhz, "Width of the channel in MHz."),
	FIELD_CALL_REAL("norn.advertisedssid.max_rate", fastest_rate,
			"Highest rate in Mbit/s, of 802.11ax and 802.11be too.", .set = set_fastest),
	FIELD(A, "norn.advertisedssid.bss_color", bss_color, "BSS color.", .present = has_color),
	FIELD_CALL_LIST("norn.advertisedssid.extended_capabilities", extended_capabilities, sizeof(char *),
			&capability_elem, "Names of its extended capabilities.", .present = capabilities_there),
	FIELD_CALL_U64("norn.advertisedssid.erp", erp,
		       "802.11g: stations without it are there 1, frames are protected for them 2, long preambles 4.",
		       .present = erp_there, .type = "uint8_t"),
	RSN_ROWS("advertisedssid"),
	FIELD_CALL_OBJECT("norn.advertisedssid.wmm", wmm, &wmm_table, "Wi-Fi Multimedia."),
	FIELD_CALL_OBJECT("norn.advertisedssid.multi_link", multi_link, &multi_link_table,
			  "The 802.11be device that it is a link of."),
	FIELD_CALL_LIST("norn.advertisedssid.neighbors", neighbors, sizeof(struct neighbor), &neighbor_elem,
			"Access points near by that it reports.", .present = neighbors_there),
	FIELD_CALL_OBJECT("norn.advertisedssid.hotspot", hotspot, &hotspot_table,
			  "Passpoint: what it gives access to."),
};
struct field_table dot11_advertised_table = FIELD_TABLE(A, "dot11 advertised ssid", advertised_rows);

#define P struct dot11_probed
static bool set_probed_hex(const struct field *row, void *obj, const struct json_in *v, struct field_load *l)
{
	(void) row;
	(void) l;
	return load_name(&((P *) obj)->ssid, v);
}
/* Kismet does not publish it. */
static void probed_loaded(void *obj, struct field_load *l)
{
	P *p = obj;

	if (!l->version)
		p->hash = dot11_name_hash(&p->ssid);
}
static struct field_text probed_crypt(const void *obj, struct field_ctx *ctx)
{
	return crypt_words(((const P *) obj)->crypt, ctx);
}
static bool probed_mobility(const void *o)
{
	return ((const P *) o)->mobility;
}
static struct field_text no_bssid(const void *obj, struct field_ctx *ctx)
{
	(void) obj;
	(void) ctx;
	return (struct field_text){"00:00:00:00:00:00", 17};
}
static bool has_all_probed(const void *o)
{
	return ((const P *) o)->all_elements;
}
static const struct field probed_rows[] = {
	FIELD(P, "dot11.probedssid.ssid", ssid, "Name looked for; empty for any.", .type = "string"),
	FIELD_CALL_TEXT("norn.probedssid.ssid_hex", probed_hex, "Octets of a name whose text does not show them all.",
			.present = probed_needs_hex, .set = set_probed_hex),
	FIELD_CALL_TEXT("norn.ssid_skeleton", probed_skeleton, NAME_SKELETON_DOC),
	FIELD_CALL_TEXT("norn.ssid_marks", probed_marks, NAME_MARKS_DOC),
	FIELD(P, "norn.probedssid.ssid_hash", hash, "Hash of the name.", .flags = FIELD_STATE),
	FIELD(P, "dot11.probedssid.ssidlen", ssid.len, "Octets of the name.", .type = "uint32_t", .flags = FIELD_VIEW),
	FIELD_CALL_TEXT("dot11.probedssid.bssid", no_bssid, "BSSID; not used.", .type = "mac_addr"),
	FIELD(P, "dot11.probedssid.first_time", first_sec, "First probe.", .type = "uint64_t"),
	FIELD(P, "dot11.probedssid.last_time", last_sec, "Last probe.", .type = "uint64_t"),
	FIELD(P, "dot11.probedssid.dot11r_mobility", mobility, "Fast transition is named.", .present = probed_mobility,
	      .type = "uint8_t"),
	FIELD(P, "dot11.probedssid.dot11r_mobility_domain_id", mobility_domain, "Mobility domain.",
	      .present = probed_mobility),
	FIELD(P, "dot11.probedssid.crypt_bitfield", crypt, "Encryption, 64 bits."),
	FIELD(P, "dot11.probedssid.crypt_set", crypt_set, "Encryption, the older bits."),
	FIELD_CALL_TEXT("dot11.probedssid.crypt_string", probed_crypt, "Encryption, in words."),
	FIELD(P, "dot11.probedssid.wpa_mfp_required", mfp_required, "Management frame protection is required.",
	      .type = "uint8_t"),
	FIELD(P, "dot11.probedssid.wpa_mfp_supported", mfp_supported, "Management frame protection is supported.",
	      .type = "uint8_t"),
	FIELD_CALL_LIST("dot11.probedssid.ie_tag_list", element_numbers, 1, &element_number_elem,
			"Numbers of its elements.", .present = has_all_probed, .type = "vector[double]"),
	FIELD(P, "norn.probedssid.elements", elements, "Elements that are kept.", .flags = FIELD_STATE,
	      .present = has_elements, .set = set_elements),
	FIELD(P, "norn.probedssid.all_elements", all_elements, "The elements kept are all of them.",
	      .flags = FIELD_STATE, .present = has_all_probed),
	WPS_ROWS("probedssid"),
	RSN_ROWS("probedssid"),
	FIELD_OWN(P, "dot11.probedssid.location", location, &location_table, "Where it was looked for."),
};
struct field_table dot11_probed_table = FIELD_TABLE(P, "dot11 probed ssid", probed_rows, .loaded = probed_loaded);
