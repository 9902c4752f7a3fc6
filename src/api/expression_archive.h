/* What an expression finds in a span of time, in memory and in logs. */
#pragma once
#include "api/expression.h"

/* Replies with the devices that were seen in e's span, each once, as logs last had them, and takes e. May wait. */
void expression_reply_devices_of_span(struct request *rq, struct reply *rp, struct expression *e);
/* The same with sightings. */
void expression_reply_sightings_of_span(struct request *rq, struct reply *rp, struct expression *e);
