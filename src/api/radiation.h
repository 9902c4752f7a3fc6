/* /radiation: counts of radiation detectors, and the event of each report. */
#pragma once
#include "api/api.h"

/* Publishes the counts of the radiation sensor of that source. Any thread. */
void api_publish_radiation(struct api *api, uint16_t source);
