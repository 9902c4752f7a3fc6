/* Devices whose appearance and loss raise alerts: devicefound= and devicelost=. */
#pragma once
#include "detect/detector_state.h"
#include "detect/detector.h"

/* Devices that are found or lost; about once a second, one thread. */
void detector_tick(struct detector *d, uint32_t server_sec);
/* Watched addresses, whole or with a mask, which stands for every device that it matches: adds or removes bits of enum
 * watched. ERR_LIMIT. Any thread. */
int detector_watch(struct detector *d, const struct mac_mask *mac, uint8_t bits, bool add);
uint32_t detector_watched(struct detector *d, uint8_t bits, struct mac_mask *ret, uint32_t max);

/* Adds the addresses of devicefound= or devicelost=; how many are errors. */
unsigned watched_add(struct detector *d, const struct detector_conf *conf, uint8_t bits);
