/* Channel numbers and frequencies of 802.11. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#define CHANNEL_TEXT_SIZE 10

/* "6", "36", "37W6e" of the 6 GHz band as Kismet has it, or "5000MHz" where no channel has that frequency, or only one
 * whose number is that of another band (5040 MHz, 60 GHz); "" for 0. */
void channel_of_khz(uint32_t khz, char ret_text[CHANNEL_TEXT_SIZE]);
/* The channel of an element, of that band; "" for a number that the band does not have. */
enum channel_band { CHANNEL_BAND_2_AND_5, CHANNEL_BAND_6 };
void channel_of_number(uint8_t number, enum channel_band band, char ret_text[CHANNEL_TEXT_SIZE]);
bool channel_exists(uint8_t number, enum channel_band band);
/* The band of a frequency. */
static inline enum channel_band channel_band_of_khz(uint32_t khz)
{
	return khz >= 5925000 && khz <= 7125000 ? CHANNEL_BAND_6 : CHANNEL_BAND_2_AND_5;
}
/* The centre of such a channel in MHz; 0 for a text that names none. */
uint32_t channel_mhz(const char *text);
