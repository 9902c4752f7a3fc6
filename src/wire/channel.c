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
/* clang-format off */
static const struct range {
	uint32_t first, last, base, step;
	const char *suffix;
} ranges[] = {
	{.first = 2484, .last = 2484, .base = 2470, .step = 1, .suffix = ""},
	/* 14 */
	{.first = 2412, .last = 2483, .base = 2407, .step = 5, .suffix = ""},
	{.first = 4910, .last = 4980, .base = 4000, .step = 5, .suffix = ""},
	{.first = 5935, .last = 5935, .base = 5933, .step = 1, .suffix = ""},
	/* 2 of the 6 GHz band */
	{.first = 2485, .last = 5949, .base = 5000, .step = 5, .suffix = ""},
	{.first = 5950, .last = 45000, .base = 5950, .step = 5, .suffix = "W6e"},
	{.first = 58320, .last = 70200, .base = 56160, .step = 2160, .suffix = ""},
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
