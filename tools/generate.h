/* The writers of documents that stand in files of their own. */
#pragma once
#include "base/buf.h"

/* doc/alerts.md, from the table of rules. */
void generate_alerts(struct buf *out);
/* A line for each rule: name, kinds of frames (ON()), needs, text of its alert; for tests. */
void generate_rules(struct buf *out);
void generate_rest(struct buf *out);
