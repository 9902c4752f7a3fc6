#include "network_manager.h"

#include <errno.h>
#include <stdint.h>
#include <systemd/sd-bus.h>

#define SERVICE "org.freedesktop.NetworkManager"
#define DEVICE SERVICE ".Device"
#define PATIENCE_US 2000000
/* NMDeviceState: from NM_DEVICE_STATE_PREPARE to NM_DEVICE_STATE_ACTIVATED there is a connection,
 * or soon. */
#define STATE_PREPARE 40
#define STATE_ACTIVATED 100

struct device {
	sd_bus *bus;
	sd_bus_message *reply; /* holds the path */
	const char *path;
};

static void device_finish(struct device *d)
{
	sd_bus_message_unref(d->reply);
	sd_bus_flush_close_unref(d->bus);
}

/* The manager's object for the interface; a manager that does not run is not started. */
static int device_find(struct device *d, const char *interface)
{
	sd_bus_message *question = NULL;
	int r = sd_bus_open_system(&d->bus);

	if (r >= 0)
		r = sd_bus_set_method_call_timeout(d->bus, PATIENCE_US);
	if (r >= 0)
		r = sd_bus_message_new_method_call(d->bus, &question, SERVICE, "/org/freedesktop/NetworkManager",
						   SERVICE, "GetDeviceByIpIface");
	if (r >= 0)
		r = sd_bus_message_set_auto_start(question, false);
	if (r >= 0)
		r = sd_bus_message_append(question, "s", interface);
	if (r >= 0)
		r = sd_bus_call(d->bus, question, 0, NULL, &d->reply);
	if (r >= 0)
		r = sd_bus_message_read(d->reply, "o", &d->path);
	sd_bus_message_unref(question);
	return r;
}

static int set_managed(const struct device *d, bool managed)
{
	return sd_bus_set_property(d->bus, SERVICE, d->path, DEVICE, "Managed", NULL, "b", (int) managed);
}

enum network_manager network_manager_release(const char *interface)
{
	struct device d = {0};
	enum network_manager result = NETWORK_MANAGER_NONE;
	uint32_t state = 0;
	int managed = 0;

	if (device_find(&d, interface) >= 0 &&
	    sd_bus_get_property_trivial(d.bus, SERVICE, d.path, DEVICE, "Managed", NULL, 'b', &managed) >= 0 &&
	    managed) {
		(void) sd_bus_get_property_trivial(d.bus, SERVICE, d.path, DEVICE, "State", NULL, 'u', &state);
		if (state >= STATE_PREPARE && state <= STATE_ACTIVATED)
			result = NETWORK_MANAGER_IN_USE;
		else
			result = set_managed(&d, false) >= 0 ? NETWORK_MANAGER_RELEASED : NETWORK_MANAGER_REFUSED;
	}
	device_finish(&d);
	return result;
}

void network_manager_return(const char *interface)
{
	struct device d = {0};

	if (device_find(&d, interface) >= 0)
		(void) set_managed(&d, true);
	device_finish(&d);
}
