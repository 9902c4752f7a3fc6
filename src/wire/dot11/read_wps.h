/* Wi-Fi Simple Configuration 2.0.8, 12. A reader, as readers.h says. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

struct wps {
	uint8_t version;
	uint32_t state; /* bits: configured 1, not configured 2, locked 4 */
	uint16_t config_methods;
	struct span manufacturer, device_name, model_name, model_number, serial_number, uuid_e;
	uint8_t message;  /* registration message type, 0: none */
	uint8_t version2; /* of the WFA extension: 0x20 for 2.0 */
	uint8_t rf_bands; /* bits: 2.4 GHz 1, 5 GHz 2, 60 GHz 4 */
	bool selected_registrar;
	uint16_t password_id, registrar_config_methods;
	uint32_t os_version;
	struct span device_type; /* category 2, OUI and type 4, subcategory 2 */
};
/* Reads the attributes of one element into w, which the caller zeroed. */
void wps_read(struct span attributes, struct wps *w);
/* The next attribute; false at the end. */
bool wps_next(struct span *attributes, uint16_t *ret_type, struct span *ret_body);
