/* kis_log_device_filter=, kis_log_packet_filter=: what the kismetdb leaves out, until it is changed over REST. */
#pragma once
#include "app/state.h"

/* Makes the filters of the kismetdb; the number of rules that cannot be read. */
unsigned log_filters_read(struct app *a);
void log_filters_free(struct app *a);
