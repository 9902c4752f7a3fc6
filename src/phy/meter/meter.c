/* The METER phy: consumption, as rtlamr and rtl_433 read it from meters of the ERT family. */
#include "phy/meter/meter.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "track/packet_ctx.h"
#include "track/report.h"

/* What a device is, and what it counts. */
enum { TYPE_METER, TYPE_ELECTRIC, TYPE_GAS, TYPE_WATER };
static const char *const types[] = {"Meter", "Electric Meter", "Gas Meter", "Water Meter", NULL};
static const char *const counts[] = {"Unknown", "Electric", "Gas", "Water"};

/* What a meter counts, by the lower half of its ERT type. */
static uint8_t type_of(unsigned code)
{
	static const uint8_t by_code[16] = {
		[0] = TYPE_GAS,      [1] = TYPE_GAS,      [2] = TYPE_GAS,      [3] = TYPE_WATER,
		[4] = TYPE_ELECTRIC, [5] = TYPE_ELECTRIC, [7] = TYPE_ELECTRIC, [8] = TYPE_ELECTRIC,
		[9] = TYPE_GAS,      [11] = TYPE_WATER,   [12] = TYPE_GAS,     [13] = TYPE_WATER,
	};

	return by_code[code & 15];
}

/* rtl_433's models of the family. */
static bool is_meter(const char *model)
{
	static const char *const models[] = {"ERT-SCM", "SCM",     "SCMplus", "SCM+",    "IDM",
					     "NetIDM",  "ERT-IDM", "R900",    "R900BCD", "Neptune-R900"};

	for (size_t i = 0; model && i < ARRAY_SIZE(models); i++)
		if (strcasecmp(model, models[i]) == 0)
			return true;
	return false;
}

static bool report(struct packet_ctx *p, struct packet *packet, const char *type, const struct json_in *json)
{
	static const char *const ids[] = {"ID", "id", "EndpointID", "ERTSerialNumber", NULL},
				 *const codes[] = {"Type", "ert_type", "EndpointType", "ERTType", NULL},
				 *const consumed[] = {"Consumption",          "consumption",     "consumption_data",
						      "LastConsumptionCount", "ConsumptionData", NULL},
				 *const phy_tampers[] = {"TamperPhy", "physical_tamper", NULL},
				 *const ends[] = {"TamperEnc", "encoder_tamper", "Tamper", NULL};
	const struct json_in *message = json_in_get(json, "Message");
	const char *model = json_in_text(json_in_get(json, "model"));
	double id, code = 0, consumption = 0, phy_tamper = 0, end_tamper = 0;
	struct meter_device *x;
	struct shard *s;
	struct device *d;
	uint32_t slot;
	uint8_t kind;

	if (strcasecmp(type, "rtl433") == 0 && !is_meter(model))
		return false;
	message = message ? message : json;
	if (!report_real(message, ids, &id) || id < 0 || id > 4294967295.0)
		return false;
	(void) report_real(message, codes, &code);
	packet->sender = packet->transmitter = report_mac("METER", (uint64_t) id);
	report_radio(json, &packet->radio);
	d = device_lock(p, &packet->sender, UPDATE_PACKETS | UPDATE_FREQ | UPDATE_SEENBY | UPDATE_POSITION, &s, &slot);
	if (!d)
		return true;
	x = device_part(d, PHY_METER);
	x->id = (uint64_t) id;
	x->type_code = code >= 0 && code <= 65535 ? (uint16_t) code : 0;
	kind = type_of(x->type_code);
	device_set_type(p, d, kind);
	free(x->type);
	x->type = xstrdup(counts[kind]);
	report_keep(&x->model, json, json_in_get(json, "Message") ? "Type" : "model");
	if (report_real(message, phy_tampers, &phy_tamper) && phy_tamper >= 0 && phy_tamper < 256)
		x->phy_tamper = (uint8_t) phy_tamper;
	if (report_real(message, ends, &end_tamper) && end_tamper >= 0 && end_tamper < 256)
		x->endpoint_tamper = (uint8_t) end_tamper;
	if (report_real(message, consumed, &consumption)) {
		x->consumption = consumption;
		series_add(&x->consumed, p->history_sec, consumption);
	}
	device_unlock(p, s, slot);
	return true;
}

#define X struct meter_device
SERIES_CALL(X, consumed)

static struct field_items models(const void *obj, struct field_ctx *ctx)
{
	(void) ctx;
	return (struct field_items){&((const X *) obj)->model, ((const X *) obj)->model != NULL};
}
static const struct field model_elem = {.name = "", .doc = "", .kind = FIELD_STRING};

static const struct field rows[] = {
	FIELD(X, "meter.device.meter_id", id, "Number of the meter."),
	FIELD(X, "meter.device.meter_type", type, "What it counts: Electric, Gas, Water.", .flags = FIELD_NULL_EMPTY),
	FIELD(X, "meter.device.meter_type_code", type_code, "Its type as a number."),
	FIELD(X, "meter.device.phy_tamper_flags", phy_tamper, "Flags of tampering with the meter."),
	FIELD(X, "meter.device.endpoint_tamper_flags", endpoint_tamper, "Flags of tampering with its radio."),
	FIELD(X, "meter.device.consumption", consumption, "What it has counted."),
	SERIES_ROWS(X, "meter.device.consumption_rrd", consumed, "The same over time."),
	FIELD_CALL_LIST("meter.device.model_vec", models, sizeof(char *), &model_elem,
			"Models that it was received as."),
	FIELD(X, "norn.meter.model", model, "Latest model.", .flags = FIELD_STATE),
};
struct field_table meter_table = FIELD_TABLE(X, "meter", rows);

const struct phy meter_phy = {
	.name = "METER",
	.record_name = "meter.device",
	.record_doc = "What a meter counts.",
	.record = &meter_table,
	.types = types,
	.reports = {"rtlamr", "rtl433"},
	.report = report,
};
