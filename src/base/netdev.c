#include "base/netdev.h"

#include <net/if_arp.h>
#include <stdio.h>
#include <string.h>

bool netdev_delivers_80211(const char *name)
{
	char path[160];
	int type = -1;
	FILE *f;

	if (strchr(name, '/') || snprintf(path, sizeof(path), "/sys/class/net/%s/type", name) >= (int) sizeof(path))
		return false;
	f = fopen(path, "re");
	if (!f)
		return false;
	if (fscanf(f, "%9d", &type) != 1)
		type = -1;
	(void) fclose(f);
	return type == ARPHRD_IEEE80211 || type == ARPHRD_IEEE80211_PRISM || type == ARPHRD_IEEE80211_RADIOTAP;
}
