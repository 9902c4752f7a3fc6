/* Every GPS, and which position is the best now. */
#pragma once
#include "locate/gps.h"

struct locator *locator_create(void);
/* Ends the reading too. Not while others use it. */
void locator_destroy(struct locator *l);
/* Whether a definition could be added, apart from what is there; negative with a reason. Nothing is opened. */
int locator_check(const char *definition, char ret_error[160]);
/* Adds a GPS: "gpsd:host=localhost,port=2947", "serial:device=/dev/ttyACM0,baud=9600",
 * "tcp:host=192.168.1.5,port=4352", "web:name=webgps", "virtual:lat=52.5,lon=13.4,alt=30",
 * "meta:name=van"; all take name=, uuid=, priority=, reconnect= and dataonly=. 0, or negative with
 * a sentence. A receiver is opened later, and again whenever it is lost. */
int locator_add(struct locator *l, const char *definition, char ret_error[160]);
int locator_remove(struct locator *l, const struct uuid *uuid);
/* The position of the best GPS that has one at server second now_sec; fix 0 when there is none. Cheap
 * enough for every packet: it takes no lock but in the second in which the best position gets stale.
 */
struct position locator_best(struct locator *l, uint32_t now_sec, struct uuid *ret_gps);
/* Adds a GPS of type meta of that name unless there is one. */
void locator_need_meta(struct locator *l, const char *name);
/* The position of the GPS of type meta of that name; fix 0 when it has none. */
struct position locator_meta_position(struct locator *l, const char *name, uint32_t now_sec);
/* The latest time without a position that has ended and was not taken yet; false when there is none. */
bool locator_take_gap(struct locator *l, struct gps_gap *ret_gap);
uint32_t locator_copy(struct locator *l, struct gps_record *ret, uint32_t max);
/* Sets the position of the GPS of type web or meta, of that name if one is given; ERR_NOT_FOUND when
 * there is none. One at 0/0 is doubted. */
int locator_update(struct locator *l, const char *type, const char *name, const struct position *p);
