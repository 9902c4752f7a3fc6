/* Elements that records keep as they came. Each record that keeps some begins with a struct octets of them,
 * and what they mean is worked out by the rows' getters, which take any such record. */
#pragma once
#include "field/field.h"
#include "wire/dot11/frame.h"

/* Replaces the elements kept by the frame's: all of them, or those that getters read; ranges of the
 * country only with `country`. Under the lock of the record's shard. */
struct dot11_keep {
	bool all, country;
};
void dot11_keep_elements(struct octets *to, const struct frame *f, const struct dot11_keep *keep);

/* Rows of a record of type T that begins with its elements, for names that begin with `p`. */
struct field_text wps_manufacturer(const void *obj, struct field_ctx *ctx);
struct field_text wps_device_name(const void *obj, struct field_ctx *ctx);
struct field_text wps_model_name(const void *obj, struct field_ctx *ctx);
struct field_text wps_model_number(const void *obj, struct field_ctx *ctx);
struct field_text wps_serial(const void *obj, struct field_ctx *ctx);
struct field_text wps_uuid(const void *obj, struct field_ctx *ctx);
struct field_text wps_device_type(const void *obj, struct field_ctx *ctx);
uint64_t wps_version(const void *obj, struct field_ctx *ctx);
uint64_t wps_version2(const void *obj, struct field_ctx *ctx);
uint64_t wps_state(const void *obj, struct field_ctx *ctx);
uint64_t wps_config_methods(const void *obj, struct field_ctx *ctx);
uint64_t wps_password_id(const void *obj, struct field_ctx *ctx);
uint64_t wps_selected(const void *obj, struct field_ctx *ctx);
uint64_t wps_bands(const void *obj, struct field_ctx *ctx);
uint64_t wps_os(const void *obj, struct field_ctx *ctx);
struct field_items wps_attributes(const void *obj, struct field_ctx *ctx);
bool wps_there(const void *obj);
extern const struct field wps_attribute_elem;
size_t wps_attribute_size(void);

#define WPS_CALL(k, wire, fn, text, ...) FIELD_CALL_##k(wire, fn, text, .present = wps_there, ##__VA_ARGS__)
#define WPS_ROWS(p)                                                                                                    \
	WPS_CALL(U64, "dot11." p ".wps_version", wps_version, "WPS version.", .type = "uint8_t"),                      \
		WPS_CALL(U64, "dot11." p ".wps_state", wps_state,                                                      \
			 "WPS bits: configured 1, not configured 2, locked 4.", .type = "uint32_t"),                   \
		WPS_CALL(U64, "dot11." p ".wps_config_methods", wps_config_methods, "WPS methods.",                    \
			 .type = "uint16_t"),                                                                          \
		WPS_CALL(TEXT, "dot11." p ".wps_manuf", wps_manufacturer, "WPS manufacturer."),                        \
		WPS_CALL(TEXT, "dot11." p ".wps_device_name", wps_device_name, "WPS device name."),                    \
		WPS_CALL(TEXT, "dot11." p ".wps_model_name", wps_model_name, "WPS model."),                            \
		WPS_CALL(TEXT, "dot11." p ".wps_model_number", wps_model_number, "WPS model number."),                 \
		WPS_CALL(TEXT, "dot11." p ".wps_serial_number", wps_serial, "WPS serial number."),                     \
		WPS_CALL(TEXT, "dot11." p ".wps_uuid_e", wps_uuid, "WPS UUID of the device.", .type = "uuid"),         \
		WPS_CALL(U64, "norn." p ".wps_version2", wps_version2, "WPS version of the extension.",                \
			 .type = "uint8_t"),                                                                           \
		WPS_CALL(TEXT, "norn." p ".wps_device_type", wps_device_type,                                          \
			 "WPS primary device type: category, OUI and type, subcategory."),                             \
		WPS_CALL(U64, "norn." p ".wps_password_id", wps_password_id,                                           \
			 "WPS device password: 0 PIN, 4 push button.", .type = "uint16_t"),                            \
		WPS_CALL(U64, "norn." p ".wps_selected_registrar", wps_selected,                                       \
			 "A registrar was selected: somebody may join now.", .type = "uint8_t"),                       \
		WPS_CALL(U64, "norn." p ".wps_rf_bands", wps_bands, "WPS bands: 2.4 GHz 1, 5 GHz 2, 60 GHz 4.",        \
			 .type = "uint8_t"),                                                                           \
		WPS_CALL(U64, "norn." p ".wps_os_version", wps_os, "WPS version of the system.", .type = "uint32_t"),  \
		FIELD_CALL_LIST("norn." p ".wps_attributes", wps_attributes, sizeof(struct wps_attribute),             \
				&wps_attribute_elem, "All WPS attributes.", .present = wps_there)

struct wps_attribute {
	uint16_t type;
	struct octets data;
};

/* Lists: of element numbers, of whole elements. */
struct field_items element_numbers(const void *obj, struct field_ctx *ctx);
struct field_items element_contents(const void *obj, struct field_ctx *ctx);
extern const struct field element_number_elem, element_content_elem;
struct element_content {
	uint32_t unique_id, oui;
	uint8_t number;
	int16_t subtag;
	struct octets data;
};

bool owe_there(const void *obj);
struct field_text owe_ssid(const void *obj, struct field_ctx *ctx);
uint64_t owe_ssid_len(const void *obj, struct field_ctx *ctx);
struct field_text owe_bssid(const void *obj, struct field_ctx *ctx);

bool country_there(const void *obj);
struct country_range {
	uint32_t first, count;
	int32_t power_dbm;
};
struct field_items country_ranges(const void *obj, struct field_ctx *ctx);
extern const struct field country_range_elem;

bool erp_there(const void *obj);
uint64_t erp(const void *obj, struct field_ctx *ctx);
bool mesh_id_there(const void *obj);
bool mesh_config_there(const void *obj);
struct field_text mesh_id(const void *obj, struct field_ctx *ctx);
uint64_t mesh_gateway(const void *obj, struct field_ctx *ctx);
uint64_t mesh_forwarding(const void *obj, struct field_ctx *ctx);
uint64_t mesh_peerings(const void *obj, struct field_ctx *ctx);

/* A client's: channels that it can use, and names of its extended capabilities. */
bool channels_there(const void *obj);
bool capabilities_there(const void *obj);
struct field_items supported_channels(const void *obj, struct field_ctx *ctx);
struct field_items extended_capabilities(const void *obj, struct field_ctx *ctx);
extern const struct field channel_elem, capability_elem;
