/* Step 1 of a phy: bytes to a frame, in a folder of `wire`. Pure: no allocation, no state, no clock, no log.
 *
 * Template frames are those of a buoy that reports what it measures:
 *
 *	octet 0	kind, enum template_kind
 *	1 to 6	the buoy's address
 *	7 to 12	whom it answers (an answer alone)
 *	then	battery in percent, temperature in tenths of a degree (signed, little endian), and its name to the end
 */
#pragma once
#include "base/mac.h"
#include "base/span.h"

enum template_kind { TEMPLATE_REPORTS = 1, TEMPLATE_ANSWERS = 2 };

struct template_frame {
	uint8_t kind;              /* enum template_kind */
	struct mac buoy, asked_by; /* the latter zeros where it answers no one */
	uint8_t battery;           /* percent */
	double celsius;
	struct span name; /* lies in the packet */
};
/* ERR_TRUNCATED, or ERR_MALFORMED for a kind that there is not. */
int template_read(struct span s, struct template_frame *ret);
