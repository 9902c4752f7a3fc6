#include "wifi_channel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"

#define GHZ6 5950u /* where the channels of 6 GHz count from */

static uint32_t mhz_of(unsigned long n, bool six)
{
	if (n >= 2000 && n < 10000)
		return (uint32_t) n;
	if (six)
		return n == 2 ? 5935 : n >= 1 && n <= 233 ? GHZ6 + 5 * (uint32_t) n : 0;
	if (n == 14)
		return 2484;
	if (n >= 1 && n <= 13)
		return 2407 + 5 * (uint32_t) n;
	if (n >= 183 && n <= 196)
		return 4000 + 5 * (uint32_t) n; /* 4.9 GHz */
	return n >= 32 && n <= 177 ? 5000 + 5 * (uint32_t) n : 0;
}

static unsigned channel_of(uint32_t mhz, bool *ret_six)
{
	*ret_six = mhz == 5935 || (mhz > GHZ6 && mhz <= 7115);
	if (*ret_six)
		return mhz == 5935 ? 2 : (mhz - GHZ6) / 5;
	if (mhz == 2484)
		return 14;
	if (mhz >= 2412 && mhz <= 2472)
		return (mhz - 2407) / 5;
	if (mhz >= 4915 && mhz <= 4980)
		return (mhz - 4000) / 5;
	return mhz >= 5160 && mhz <= 5885 ? (mhz - 5000) / 5 : 0;
}

uint32_t wifi_channel_center(uint32_t mhz, enum wifi_width width)
{
	unsigned span = width == WIFI_160 ? 32 : 16, first, n = mhz >= 5000 && mhz < 5900 ? (mhz - 5000) / 5 : 0;

	if (n >= 36 && n <= 144)
		first = 36;
	else if (n >= 149 && n <= 177)
		first = 149;
	else
		return 0;
	first += (n - first) / span * span;
	if (width == WIFI_160 && first == 132)
		return 0; /* no whole 160 MHz there */
	return 5000 + 5 * (first + span / 2 - 2);
}

/* clang-format off */
static const struct {
	const char *text;
	enum wifi_width width;
	bool has_center, six;
} suffixes[] = {
	{.text = "", .width = WIFI_BASIC},
	{.text = "HT20", .width = WIFI_HT20},
	{.text = "HT40+", .width = WIFI_HT40_PLUS},
	{.text = "HT40-", .width = WIFI_HT40_MINUS},
	{.text = "HT40", .width = WIFI_HT40_PLUS},
	{.text = "VHT80", .width = WIFI_80, .has_center = true},
	{.text = "VHT160", .width = WIFI_160, .has_center = true},
	{.text = "W5", .width = WIFI_5},
	{.text = "W10", .width = WIFI_10},
	{.text = "W6e", .width = WIFI_BASIC, .six = true},
	{.text = "-W6e", .width = WIFI_BASIC, .six = true},
};
/* clang-format on */

static int fill(size_t i, unsigned long n, const char *center, struct wifi_channel *ret)
{
	struct wifi_channel c = {.mhz = mhz_of(n, suffixes[i].six), .width = suffixes[i].width};

	c.center_mhz = c.mhz;
	if (c.width == WIFI_HT40_PLUS)
		c.center_mhz += 10;
	if (c.width == WIFI_HT40_MINUS)
		c.center_mhz -= 10;
	if (suffixes[i].has_center)
		c.center_mhz =
			center ? mhz_of(strtoul(center, NULL, 10), c.mhz > GHZ6) : wifi_channel_center(c.mhz, c.width);
	if (c.mhz == 0 || c.center_mhz == 0)
		return -1;
	*ret = c;
	return 0;
}

int wifi_channel_parse(const char *text, struct wifi_channel *ret)
{
	char *rest;
	unsigned long n = strtoul(text, &rest, 10);

	if (rest == text || *text < '0' || *text > '9')
		return -1;
	for (size_t i = 0; i < ARRAY_SIZE(suffixes); i++) {
		size_t length = strlen(suffixes[i].text);

		if (strncasecmp(rest, suffixes[i].text, length) != 0)
			continue;
		if (rest[length] == '\0')
			return fill(i, n, NULL, ret);
		if (suffixes[i].has_center && rest[length] == '-' && rest[length + 1])
			return fill(i, n, rest + length + 1, ret);
	}
	return -1;
}

bool wifi_channel_format(uint32_t mhz, enum wifi_width width, char ret_text[WIFI_CHANNEL_SIZE])
{
	static const char *const texts[] = {"", "HT20", "HT40+", "HT40-", "VHT80", "VHT160", "W5", "W10"};
	bool six;
	unsigned n = channel_of(mhz, &six);

	if (n == 0)
		return false;
	(void) snprintf(ret_text, WIFI_CHANNEL_SIZE, "%u%s", n, six ? "W6e" : texts[width]);
	return true;
}
