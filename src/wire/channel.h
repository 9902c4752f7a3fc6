/* Channel numbers and frequencies of 802.11. */
#pragma once
#include <stdint.h>

#define CHANNEL_TEXT_SIZE 10

/* "6", "36", "37W6e", or "5000MHz" where no channel has that frequency; "" for 0. */
void channel_of_khz(uint32_t khz, char ret_text[CHANNEL_TEXT_SIZE]);
void channel_of_number(uint8_t number, char ret_text[CHANNEL_TEXT_SIZE]);
