#include "wire/channel.h"

#include <string.h>

#define SUFFIX_6GHZ "W6e"

static void put(char text[CHANNEL_TEXT_SIZE], uint32_t n, const char *suffix)
{
	char digits[CHANNEL_TEXT_SIZE];
	size_t i = sizeof(digits), len;

	memset(text, 0, CHANNEL_TEXT_SIZE);
	do
		digits[--i] = (char) ('0' + n % 10);
	while ((n /= 10) && i > 0);
	len = sizeof(digits) - i;
	if (len + strlen(suffix) >= CHANNEL_TEXT_SIZE)
		return;
	memcpy(text, digits + i, len);
	memcpy(text + len, suffix, strlen(suffix));
}

/* IEEE 802.11-2020 annex E: the numbers that operating classes have. */
static const struct numbers {
	uint8_t band, first, last, step; /* enum channel_band */
} numbers[] = {
	{.band = CHANNEL_BAND_2_AND_5, .first = 1, .last = 14, .step = 1},
	{.band = CHANNEL_BAND_2_AND_5, .first = 34, .last = 64, .step = 2},
	{.band = CHANNEL_BAND_2_AND_5, .first = 96, .last = 144, .step = 2},
	{.band = CHANNEL_BAND_2_AND_5, .first = 149, .last = 181, .step = 2},
	{.band = CHANNEL_BAND_2_AND_5, .first = 183, .last = 196, .step = 1},
	{.band = CHANNEL_BAND_6, .first = 1, .last = 233, .step = 4},
	{.band = CHANNEL_BAND_6, .first = 2, .last = 2, .step = 1},
};

bool channel_exists(uint8_t number, enum channel_band band)
{
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		const struct numbers *n = &numbers[i];

		if (n->band == band && number >= n->first && number <= n->last && (number - n->first) % n->step == 0)
			return true;
	}
	return false;
}

void channel_of_number(uint8_t number, enum channel_band band, char ret_text[CHANNEL_TEXT_SIZE])
{
	memset(ret_text, 0, CHANNEL_TEXT_SIZE);
	if (channel_exists(number, band))
		put(ret_text, number, band == CHANNEL_BAND_6 ? SUFFIX_6GHZ : "");
}

uint32_t channel_mhz(const char *text)
{
	uint32_t n = 0;

	for (; *text >= '0' && *text <= '9' && n < 100000; text++)
		n = n * 10 + (uint32_t) (*text - '0');
	if (strcmp(text, "MHz") == 0)
		return n;
	if (strcmp(text, SUFFIX_6GHZ) == 0)
		return n == 0 || n > 233 ? 0 : n == 2 ? 5935 : 5950 + 5 * n;
	if (*text || n == 0 || n > 255)
		return 0;
	if (n <= 14)
		return n == 14 ? 2484 : 2407 + 5 * n;
	return (n >= 183 && n <= 196 ? 4000 : 5000) + 5 * n;
}

/* Ranges in MHz, in order; the first that holds the frequency wins. */
/* clang-format off */
static const struct range {
	uint32_t first, last, base, step;
	const char *suffix;
} ranges[] = {
	{.first = 2484, .last = 2484, .base = 2470, .step = 1, .suffix = ""},
	/* 14 */
	{.first = 2412, .last = 2483, .base = 2407, .step = 5, .suffix = ""},
	{.first = 4910, .last = 4980, .base = 4000, .step = 5, .suffix = ""},
	{.first = 5935, .last = 5935, .base = 5933, .step = 1, .suffix = SUFFIX_6GHZ},
	/* 2 of the 6 GHz band */
	/* what is below would share its number with channels of 2.4 GHz */
	{.first = 5075, .last = 5949, .base = 5000, .step = 5, .suffix = ""},
	{.first = 5950, .last = 7125, .base = 5950, .step = 5, .suffix = SUFFIX_6GHZ},
};
/* clang-format on */

void channel_of_khz(uint32_t khz, char ret_text[CHANNEL_TEXT_SIZE])
{
	uint32_t mhz = khz / 1000;

	memset(ret_text, 0, CHANNEL_TEXT_SIZE);
	if (mhz == 0)
		return;
	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		const struct range *r = &ranges[i];

		if (mhz < r->first || mhz > r->last || mhz < r->base)
			continue;
		put(ret_text, (mhz - r->base) / r->step, r->suffix);
		return;
	}
	put(ret_text, mhz, "MHz");
}
