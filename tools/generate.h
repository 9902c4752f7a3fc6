/* The writers of documents that stand in files of their own. */
#pragma once
#include "base/buf.h"

/* A line for each rule: name, kinds of frames (ON()), needs, text of its alert; for tests. */
void generate_rules(struct buf *out);
