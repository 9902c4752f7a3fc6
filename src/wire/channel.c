#include "wire/channel.h"

#include <string.h>

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

void channel_of_number(uint8_t number, char ret_text[CHANNEL_TEXT_SIZE])
{
	char *to = ret_text;

	memset(ret_text, 0, CHANNEL_TEXT_SIZE);
	if (number >= 100)
		*to++ = (char) ('0' + number / 100);
	if (number >= 10)
		*to++ = (char) ('0' + number / 10 % 10);
	*to = (char) ('0' + number % 10);
}

/* Ranges in MHz, in order; the first that holds the frequency wins. */
static const struct range {
	uint32_t first, last, base, step;
	const char *suffix;
} ranges[] = {
	{2484, 2484, 2470, 1, ""},                                                           /* 14 */
	{2412, 2483, 2407, 5, ""}, {4910, 4980, 4000, 5, ""},     {5935, 5935, 5933, 1, ""}, /* 2 of the 6 GHz band */
	{2485, 5949, 5000, 5, ""}, {5950, 45000, 5950, 5, "W6e"}, {58320, 70200, 56160, 2160, ""},
};

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
