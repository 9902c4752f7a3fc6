#include "phy/dot11/show.h"

#include "phy/dot11/space.h"

void dot11_set_views(struct device *d, const struct dot11_device *x)
{
	if (x->typeset & (DOT11_BEACON_AP | DOT11_PROBE_AP | DOT11_ADHOC))
		d->phy_views |= 1 << DOT11_VIEW_ACCESSPOINTS;
}

void dot11_show(const struct packet_ctx *p, uint8_t observation, struct device *d, struct dot11_shown *shown)
{
	shown->of_profile = space_of(p)->of_profile;
	packet_observe(p, &(struct observation){.observation = observation,
						.device = d,
						.shown = shown,
						.fresh = shown->fresh,
						.lasting = shown->lasting});
}
