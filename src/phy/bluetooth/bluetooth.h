/* Records of Bluetooth devices: of the BTLE phy, which sees advertisements on the air, and of the Bluetooth
 * phy, whose devices a controller or a scanning client reports. */
#pragma once
#include "field/field.h"
#include "phy/bluetooth/options.h"
#include "track/packet_ctx.h"
#include "wire/bluetooth/ad.h"
#include "wire/bluetooth/btle.h"
#include "wire/bluetooth/hci.h"

/* Their positions in phy/phys.c. */
#define PHY_BLUETOOTH 3
#define PHY_BTLE 6

/* What rules see of them: observation.observation of the BTLE phy, then of the Bluetooth phy. */
enum {
	OBSERVED_BTLE
}; /* a device seen on an advertising channel, before its record is updated; shown is a
      struct btle_frame */
enum {
	OBSERVED_BLUETOOTH
}; /* a device that a controller or client reported, before its record is updated; shown is a
      struct hci_report */

#define AD_OCTETS_MAX 1650 /* of advertising data: Core 5.4 volume 4 part E 7.8.57 */

struct btle_device {
	struct octets advertised, answered; /* advertising data; that of scan responses */
	uint8_t address;                    /* enum btle_address */
	bool connects, scans;               /* it was seen sending connect or scan requests */
	int8_t tx_power;                    /* of an extended header */
};
extern struct field_table btle_table;

/* Bits of bluetooth.device.type. */
enum bluetooth_kind { BLUETOOTH_BR_EDR = 1, BLUETOOTH_LE = 2 };
#define SERVICE_DATA_MAX 16

struct service_data {
	char uuid[AD_UUID_TEXT_SIZE];
	struct octets data;
};
struct bluetooth_device {
	struct octets data; /* advertising data, or an extended inquiry response */
	uint8_t kind;       /* enum bluetooth_kind, or-ed */
	uint8_t address;    /* enum btle_address */
	bool has_class;
	int16_t tx_power, pathloss;
	uint32_t device_class;
	LIST(struct service_data) services;
};
extern struct field_table bluetooth_table;

/* Finds or adds the device and updates it; it stays locked until device_unlock(). NULL: none. */
struct device *bluetooth_enter(struct packet_ctx *p, struct packet *packet, const struct hci_report *r,
			       struct shard **ret_shard, uint32_t *ret_slot);
/* Keeps what a service says, under the service's name. */
void bluetooth_keep_named(struct bluetooth_device *x, const char *text, struct span data);

extern const struct phy bluetooth_phy, btle_phy;

/* Elements of lists that ad_fields.c makes. */
struct ad_uuid {
	char text[AD_UUID_TEXT_SIZE];
};
struct ad_service {
	uint16_t uuid;
	char vendor[32];
	struct octets data;
};
struct ad_text {
	char text[64];
};
extern const struct field ad_uuid_elem, ad_service_elem, ad_text_elem;
