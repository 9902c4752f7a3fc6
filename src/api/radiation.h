/* /radiation: what detectors counted, and the event of each report. */
#pragma once
#include "api/api.h"

/* Publishes what the radiation sensor of that source counted. Any thread. */
void api_publish_radiation(struct api *api, uint16_t source);
