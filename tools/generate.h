/* The writers of documents that stand in files of their own. */
#pragma once
#include "base/buf.h"

/* doc/alerts.md, from the table of rules. */
void generate_alerts(struct buf *out);
void generate_rest(struct buf *out);
