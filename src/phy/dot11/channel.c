/* The channel of a frame and of those whom it names: what networks say of themselves outranks what the radio was tuned
 * to, which receives its neighbours, too. */
#include "phy/dot11/channel.h"

#include <string.h>

#include "base/quick.h"
#include "phy/dot11/space.h"
#include "wire/channel.h"

bool dot11_named_channel(const struct packet_ctx *p, char ret_text[CHANNEL_TEXT_SIZE])
{
	const struct frame *f = p->frame;
	enum channel_band band =
		f->have & FRAME_IS_6GHZ ? CHANNEL_BAND_6 : channel_band_of_khz(p->packet->radio.freq_khz);
	char *name = ((struct dot11_source *) p->of_source)->numbers[band][f->channel];

	if (!(f->have & FRAME_HAS_CHANNEL)) {
		memset(ret_text, 0, CHANNEL_TEXT_SIZE);
		return false;
	}
	if (!quick(QUICK_CHANNEL_NUMBERS) || !*name)
		channel_of_number(f->channel, band, name);
	memcpy(ret_text, name, CHANNEL_TEXT_SIZE);
	return *name != '\0';
}

void dot11_set_channel(struct packet_ctx *p)
{
	uint32_t khz = p->packet->radio.freq_khz, i = khz / 5000 % CHANNELS_REMEMBERED;
	struct dot11_source *s = p->of_source;

	/* A probe names the channel that it is meant for, and is sent on others. */
	space_of(p)->named_channel =
		dot11_named_channel(p, p->channel) && (!khz || mac_equal(&frame_of(p)->source, &frame_of(p)->bssid));
	if (space_of(p)->named_channel || !khz)
		return;
	if (!quick(QUICK_CHANNEL_NAMES) || s->channels[i].khz != khz) {
		s->channels[i].khz = khz;
		channel_of_khz(khz, s->channels[i].name);
	}
	memcpy(p->channel, s->channels[i].name, sizeof(p->channel));
}

static bool any_named(const struct dot11_advertised *networks, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (*networks[i].channel)
			return true;
	return false;
}

void dot11_take_channel(const struct packet_ctx *p, struct device *d, const struct dot11_device *x)
{
	bool own = mac_equal(&frame_of(p)->source, &d->key.mac);
	bool network = any_named(x->advertised.items, x->advertised.count) ||
		       any_named(x->responded.items, x->responded.count);

	if (*p->channel && (!network || (space_of(p)->named_channel && own)))
		memcpy(d->channel, p->channel, sizeof(d->channel));
}
