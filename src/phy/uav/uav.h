/* Drones among the devices of other phys: the record that hangs on the device, and the makers' rules. */
#pragma once
#include "base/ssid.h"
#include "field/field.h"
#include "field/regex.h"
#include "phy/uav/options.h"
#include "track/phy.h"
#include "wire/uav/uav.h"

#define PHY_UAV 4 /* its position in phy/phys.c */

#define UAV_RULES_MAX 1024

struct uav_telemetry {
	struct position location;
	uint64_t time_us;
	float yaw, pitch, roll, height_m, v_north, v_east, v_up;
	bool motor_on, airborne;
};

enum uav_match {
	UAV_MATCH_NONE,
	UAV_MATCH_DRONEID,
	UAV_MATCH_REMOTE_ID,
	UAV_MATCH_RULE,
	UAV_MATCH_BLUETOOTH,
	UAV_MATCH_RADIO
};

struct uav_device {
	uint8_t match; /* enum uav_match */
	uint16_t rule; /* its number and 1; 0: none */
	bool has_last, has_home, has_operator;
	char *manufacturer, *model, *serial, *operator_id, *self_id;
	struct position home, operator_position;
	LIST(struct uav_telemetry) history; /* oldest first */
};
extern struct field_table uav_table;
/* Updates the record from a frame's report. Under the shard's lock. */
void uav_update(struct device *d, const struct uav_report *r, uint64_t time_us);

/* uav_match=ID:name="...",model="...",ssid="expression",mac="address[/mask]",match_any=true */
struct uav_rule {
	char id[64], name[64], model[64], ssid_text[REGEX_BYTES + 1], mac_text[40];
	bool any, has_mac;
	struct mac_mask mac;
	struct regex *ssid; /* NULL: none */
};
extern struct field_table uav_rule_table;
/* Updates the record from the rule that matched, where the device has reported nothing better. Under the shard's lock.
 */
void uav_take_rule(struct device *d, const struct uav_rule *r, uint16_t number);

/* The rules of a model; any thread. NULL for a tracker gives none. */
const struct uav_conf *uav_rules(const struct tracker *t);
static inline bool uav_has_rules(const struct tracker *t)
{
	return uav_rules(t)->n_rules > 0;
}

/* Whether a drone's record is among the device's: then it is of the type "UAV", which its own phy leaves as it is. */
static inline bool uav_is_drone(const struct device *d)
{
	return device_part(d, PHY_UAV);
}

extern const struct phy uav_phy;
