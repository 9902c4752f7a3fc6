/* The manual of alerts, from the table of rules. */
#pragma once
#include "generate.h"

/* doc/alerts.md, from the table of rules. */
void generate_alerts(struct buf *out);
