/* The text of an alert: the row's, with what stands in braces filled in. */
#pragma once
#include "detect/detector_state.h"

/* The text of the alert that an effect is. */
void detector_format(const struct detector *d, const struct packet *packet, const char *channel, const struct effect *e,
		     char ret_text[ALERT_TEXT_SIZE]);
