#include "capture/live_program.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/netdev.h"
#include "capture/drivers.h"
#include "capture/helper.h"
#include "capture/private.h"

int live_program(const struct registry *r, const struct source_driver *driver, const char **ret_name, char *path,
		 size_t size, char error[SOURCE_TEXT_SIZE])
{
	const struct driver_helper *h = driver_helper_of(driver);
	const struct helper_paths paths = capture_helper_paths(&r->defaults);
	int err = ERR_NOT_FOUND;

	if (!h) {
		(void) snprintf(error, SOURCE_TEXT_SIZE,
				"Sources of type '%s' have no capture program on this machine; norn doctor shows what "
				"is missing",
				driver->type);
		return ERR_UNSUPPORTED;
	}
	for (size_t i = ARRAY_SIZE(h->names); i-- > 0;) {
		char reason[SOURCE_TEXT_SIZE], found[1024];
		int e = h->names[i] ? helper_find(&paths, h->names[i], found, sizeof(found), reason, sizeof(reason))
				    : ERR_NOT_FOUND;

		if (h->names[i] && (e >= 0 || err < 0))
			(void) snprintf(error, SOURCE_TEXT_SIZE, "%s", reason);
		if (e >= 0) {
			(void) snprintf(path, size, "%s", found);
			*ret_name = h->names[i];
		}
		if (e >= 0 || err < 0)
			err = e;
	}
	return err;
}

/* Programs for interfaces that Linux does not list may be there, which alone know them. */
static bool others_could_know(const struct registry *r)
{
	char path[1024], error[SOURCE_TEXT_SIZE];
	const char *name;
	uint32_t n;
	const struct source_driver *all = capture_drivers(&n);

	for (uint32_t i = 0; i < n; i++)
		if (all[i].probe_ipc && strcmp(all[i].type, "linuxwifi") != 0 &&
		    live_program(r, &all[i], &name, path, sizeof(path), error) >= 0)
			return true;
	return false;
}

/* Whether that is a Wi-Fi interface of this machine; negative with a sentence. */
static int check_wifi(const char *interface, char error[SOURCE_TEXT_SIZE])
{
	char path[SOURCE_TEXT_SIZE];

	(void) snprintf(path, sizeof(path), "/sys/class/net/%.64s", interface);
	if (strchr(interface, '/') || access(path, F_OK) != 0) {
		(void) snprintf(path, sizeof(path), "/sys/class/ieee80211/%.64s", interface);
		if (access(path, F_OK) == 0)
			return 0;
		(void) snprintf(error, SOURCE_TEXT_SIZE,
				"There is no interface '%.64s' on this machine, no such file, and no capture program "
				"that knows it",
				interface);
		return ERR_NOT_FOUND;
	}
	(void) snprintf(path, sizeof(path), "/sys/class/net/%.64s/phy80211", interface);
	if (access(path, F_OK) == 0 || netdev_delivers_80211(interface))
		return 0;
	(void) snprintf(error, SOURCE_TEXT_SIZE, "'%.64s' is not a Wi-Fi interface, and no capture program knows it",
			interface);
	return ERR_UNSUPPORTED;
}

int live_check(const struct registry *r, const char *interface, const struct source_driver *driver,
	       char error[SOURCE_TEXT_SIZE])
{
	char path[1024];
	const char *name;
	int err = 0;

	if (driver)
		err = live_program(r, driver, &name, path, sizeof(path), error);
	if (err < 0 || (driver && strcmp(driver->type, "linuxwifi") != 0) || (!driver && others_could_know(r)))
		return err;
	err = check_wifi(interface, error);
	if (err >= 0 && !driver)
		err = live_program(r, driver_of_type("linuxwifi"), &name, path, sizeof(path), error);
	return err;
}
