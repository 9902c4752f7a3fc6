/* The kernel's interface to Wi-Fi radios (nl80211), as far as capturing needs it. One thread at a
 * time an object. Errors are -errno. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "wifi_channel.h"

struct nl80211;
struct nl80211 *nl80211_open(void); /* NULL: this kernel has no Wi-Fi */
void nl80211_close(struct nl80211 *n);

struct nl80211_interface {
	int index;
	uint32_t wiphy, type; /* NL80211_IFTYPE_... */
	uint8_t mac[6];
	char name[16];
	char ssid[33]; /* while it is connected */
	uint32_t mhz;  /* 0: unknown */
};
int nl80211_interface(struct nl80211 *n, int index, struct nl80211_interface *ret);
bool nl80211_is_monitor(const struct nl80211_interface *i);

/* What a radio can set; the frequencies that its regulatory domain allows. */
struct nl80211_frequency {
	uint32_t mhz;
	bool ht20, ht40_plus, ht40_minus, w80, w160;
};
#define NL80211_FREQUENCIES_MAX 256
struct nl80211_wiphy {
	bool monitor; /* it can be a monitor at all */
	uint32_t count;
	struct nl80211_frequency frequencies[NL80211_FREQUENCIES_MAX];
};
int nl80211_wiphy(struct nl80211 *n, uint32_t wiphy, struct nl80211_wiphy *ret);

/* A monitor interface beside what is there; its index in *ret_index. */
int nl80211_add_monitor(struct nl80211 *n, uint32_t wiphy, const char *name, bool fcsfail, bool plcpfail,
			int *ret_index);
int nl80211_remove(struct nl80211 *n, int index);
int nl80211_tune(struct nl80211 *n, int index, const struct wifi_channel *c);
/* Brings an interface up or down. */
int nl80211_up(const char *name, bool up);
bool nl80211_is_up(const char *name);
