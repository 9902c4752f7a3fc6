/* NetworkManager, when it runs: it is asked over D-Bus to leave an interface alone, since it would take it back and
 * change its channel. What it uses for a connection stays with it. */
#pragma once
#include <stdbool.h>

enum network_manager {
	NETWORK_MANAGER_NONE,     /* it does not run, or does not manage the interface */
	NETWORK_MANAGER_RELEASED, /* it managed the interface and no longer does */
	NETWORK_MANAGER_IN_USE,   /* the interface is connected, or about to be */
	NETWORK_MANAGER_REFUSED,  /* it goes on managing it: this user may not change that */
};

/* Waits two seconds at most. One thread. */
enum network_manager network_manager_release(const char *interface);
/* Gives an interface back that was released. */
void network_manager_return(const char *interface);
