/* What the kernel says of a network interface. */
#ifndef BASE_NETDEV_H
#define BASE_NETDEV_H

#include <stdbool.h>

/* Whether an interface of that name is there and delivers 802.11 frames, bare or behind a Prism or radiotap header,
 * by the link type in /sys/class/net (ARPHRD_IEEE80211 and the two that follow). A Wi-Fi interface that is not in
 * monitor mode has the link type of Ethernet. Any thread. */
bool netdev_delivers_80211(const char *name);

#endif
