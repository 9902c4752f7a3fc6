#include "wire/bluetooth/ad.h"

#include <stdio.h>
#include <string.h>

struct mac ad_address(struct span *s)
{
	const uint8_t *p = span_take(s, 6);

	return (struct mac){{p[5], p[4], p[3], p[2], p[1], p[0]}};
}

bool ad_next(struct span *data, uint8_t *ret_type, struct span *ret_body)
{
	uint8_t n;

	if (data->bad || data->left == 0)
		return false;
	n = span_u8(data);
	if (n == 0) {
		data->left = 0; /* early termination */
		return false;
	}
	*ret_body = span_sub(data, n);
	if (data->bad)
		return false;
	*ret_type = span_u8(ret_body);
	return true;
}

bool ad_find(struct span data, uint8_t type, struct span *ret_body)
{
	uint8_t have;

	while (ad_next(&data, &have, ret_body))
		if (have == type)
			return true;
	return false;
}

struct span ad_name(struct span data)
{
	struct span body;

	if (ad_find(data, AD_NAME, &body) || ad_find(data, AD_NAME_SHORT, &body))
		return body;
	return (struct span){0};
}

void ad_uuid_text(struct span octets, char ret_text[AD_UUID_TEXT_SIZE])
{
	/* 0000xxxx-0000-1000-8000-00805f9b34fb, the first octet last */
	uint8_t u[16] = {0xfb, 0x34, 0x9b, 0x5f, 0x80, 0, 0, 0x80, 0, 0x10, 0, 0, 0, 0, 0, 0};

	if (octets.left >= 16)
		memcpy(u, octets.p, 16);
	else if (octets.left >= 2)
		memcpy(u + 12, octets.p, octets.left >= 4 ? 4 : 2);
	(void) snprintf(ret_text, AD_UUID_TEXT_SIZE,
			"%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", u[15], u[14], u[13],
			u[12], u[11], u[10], u[9], u[8], u[7], u[6], u[5], u[4], u[3], u[2], u[1], u[0]);
}

uint8_t ad_uuid_size(uint8_t type, bool solicit)
{
	switch (type) {
	case AD_UUID16_SOME:
	case AD_UUID16: return solicit ? 0 : 2;
	case AD_UUID32_SOME:
	case AD_UUID32: return solicit ? 0 : 4;
	case AD_UUID128_SOME:
	case AD_UUID128: return solicit ? 0 : 16;
	case AD_SOLICIT16: return solicit ? 2 : 0;
	case AD_SOLICIT32: return solicit ? 4 : 0;
	case AD_SOLICIT128: return solicit ? 16 : 0;
	default: return 0;
	}
}

const char *ad_company(uint16_t number)
{
	static const struct {
		uint16_t number;
		const char *name;
	} rows[] = {
		{0x0000, "Ericsson"},
		{0x0001, "Nokia"},
		{0x0002, "Intel"},
		{0x0003, "IBM"},
		{0x0004, "Toshiba"},
		{0x0006, "Microsoft"},
		{0x0008, "Motorola"},
		{0x000a, "Qualcomm (CSR)"},
		{0x000d, "Texas Instruments"},
		{0x000f, "Broadcom"},
		{0x001d, "Qualcomm"},
		{0x0030, "ST Microelectronics"},
		{0x0046, "MediaTek"},
		{0x004c, "Apple"},
		{0x0056, "Sony Ericsson"},
		{0x0057, "Harman"},
		{0x0059, "Nordic Semiconductor"},
		{0x005d, "Realtek"},
		{0x0065, "HP"},
		{0x006b, "Polar"},
		{0x0075, "Samsung"},
		{0x0087, "Garmin"},
		{0x009e, "Bose"},
		{0x00c4, "LG"},
		{0x00e0, "Google"},
		{0x0118, "Radius Networks"},
		{0x012d, "Sony"},
		{0x0131, "Cypress"},
		{0x0157, "Huami"},
		{0x0171, "Amazon"},
		{0x01da, "Logitech"},
		{0x027d, "Huawei"},
		{0x02e5, "Espressif"},
		{0x02ff, "Silicon Labs"},
		{0x038f, "Xiaomi"},
		{0x0499, "Ruuvi"},
		{0x0822, "Adafruit"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].number == number)
			return rows[i].name;
	return NULL;
}

const char *ad_appearance(uint16_t appearance)
{
	static const char *const categories[] = {
		"Unknown",
		"Phone",
		"Computer",
		"Watch",
		"Clock",
		"Display",
		"Remote Control",
		"Eye-glasses",
		"Tag",
		"Keyring",
		"Media Player",
		"Barcode Scanner",
		"Thermometer",
		"Heart Rate Sensor",
		"Blood Pressure",
		"Human Interface Device",
		"Glucose Meter",
		"Running Walking Sensor",
		"Cycling",
		"Control Device",
		"Network Device",
		"Sensor",
		"Light Fixtures",
		"Fan",
		"HVAC",
		"Air Conditioning",
		"Humidifier",
		"Heating",
		"Access Control",
		"Motorized Device",
		"Power Device",
		"Light Source",
		"Window Covering",
		"Audio Sink",
		"Audio Source",
		"Motorized Vehicle",
		"Domestic Appliance",
		"Wearable Audio Device",
		"Aircraft",
		"AV Equipment",
		"Display Equipment",
		"Hearing aid",
		"Gaming",
		"Signage",
	};
	uint16_t category = appearance >> 6; /* Assigned Numbers 2.6.1 */

	return category < sizeof(categories) / sizeof(categories[0]) ? categories[category] : NULL;
}
