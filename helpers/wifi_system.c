#include "wifi_system.h"

#include <dirent.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mac.h"
#include "base/mem.h"
#include "base/netdev.h"

/* The first line of a file; false when there is none. */
static bool read_line(const char *path, char *ret, int size)
{
	cleanup_fclose FILE *f = fopen(path, "re");

	if (!f || !fgets(ret, size, f))
		return false;
	ret[strcspn(ret, "\n")] = '\0';
	return true;
}

/* A radio's switches lie below its folder. */
static void read_rfkill(const char *base, struct wifi_system *s)
{
	DIR *dir = opendir(base);
	const struct dirent *e;
	char path[512], line[16];

	while (dir && (e = readdir(dir))) {
		if (strncmp(e->d_name, "rfkill", 6) != 0)
			continue;
		(void) snprintf(path, sizeof(path), "%.200s/%.200s/hard", base, e->d_name);
		s->blocked_hard |= read_line(path, line, sizeof(line)) && line[0] == '1';
		(void) snprintf(path, sizeof(path), "%.200s/%.200s/soft", base, e->d_name);
		s->blocked |= s->blocked_hard || (read_line(path, line, sizeof(line)) && line[0] == '1');
	}
	if (dir)
		(void) closedir(dir);
}

static bool read_mac(const char *path, uint8_t ret[6])
{
	char line[32];
	struct mac mac;

	if (!read_line(path, line, sizeof(line)) || mac_parse(line, strlen(line), &mac) < 0)
		return false;
	memcpy(ret, mac.b, 6);
	return true;
}

/* An interface without a radio of its own that delivers 802.11. */
static bool find_plain(const char *name, struct wifi_system *ret)
{
	char path[160];

	if (!netdev_delivers_80211(name))
		return false;
	(void) snprintf(path, sizeof(path), "/sys/class/net/%s/address", name);
	(void) read_mac(path, ret->mac);
	ret->plain = true;
	return true;
}

bool wifi_system_find(const char *name, struct wifi_system *ret)
{
	char base[160], path[256], line[64], target[256];
	ssize_t n;

	memset(ret, 0, sizeof(*ret));
	if (strlen(name) > 64 || strchr(name, '/') || name[0] == '.')
		return false;
	(void) snprintf(base, sizeof(base), "/sys/class/net/%s/phy80211", name);
	if (access(base, F_OK) != 0)
		(void) snprintf(base, sizeof(base), "/sys/class/ieee80211/%s", name);
	(void) snprintf(path, sizeof(path), "%s/index", base);
	if (!read_line(path, line, sizeof(line)))
		return find_plain(name, ret);
	ret->wiphy = (uint32_t) strtoul(line, NULL, 10);
	(void) snprintf(path, sizeof(path), "%s/macaddress", base);
	(void) read_mac(path, ret->mac);
	(void) snprintf(path, sizeof(path), "%s/device/driver", base);
	n = readlink(path, target, sizeof(target) - 1);
	if (n > 0) {
		target[n] = '\0';
		(void) snprintf(ret->driver, sizeof(ret->driver), "%.60s",
				strrchr(target, '/') ? strrchr(target, '/') + 1 : target);
	}
	read_rfkill(base, ret);
	return true;
}

static void leave_out(struct buf *out, const char *address)
{
	struct mac mac;

	if (mac_parse(address, strlen(address), &mac) < 0)
		return;
	buf_printf(out, "%snot wlan host %s", out->len ? " and " : "", address);
}

static void leave_out_interface(struct buf *out, const char *name)
{
	char path[160], text[MAC_TEXT_SIZE];
	uint8_t six[6];
	struct mac mac;

	(void) snprintf(path, sizeof(path), "/sys/class/net/%.64s/address", name);
	if (!read_mac(path, six))
		return;
	mac = mac_from(six);
	mac_format(&mac, text);
	leave_out(out, text);
}

static void each(const char *names, struct buf *out, void (*fn)(struct buf *, const char *))
{
	char copy[1024], *save = NULL;

	(void) snprintf(copy, sizeof(copy), "%s", names ? names : "");
	for (char *p = strtok_r(copy, ", ", &save); p; p = strtok_r(NULL, ", ", &save))
		fn(out, p);
}

void wifi_system_filter(const struct definition *d, bool management, bool locals, struct buf *out)
{
	if (management)
		buf_str(out, "type mgt");
	each(definition_get(d, "filter_address"), out, leave_out);
	each(definition_get(d, "filter_interface"), out, leave_out_interface);
	if (locals) {
		struct if_nameindex *all = if_nameindex();

		for (struct if_nameindex *i = all; i && i->if_index; i++) {
			struct wifi_system s;

			if (wifi_system_find(i->if_name, &s))
				leave_out_interface(out, i->if_name);
		}
		if_freenameindex(all);
	}
}
