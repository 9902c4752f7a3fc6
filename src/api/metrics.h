/* The server's counters, for Prometheus: one row a metric. */
#pragma once
#include <stddef.h>
#include <stdint.h>

struct metric {
	const char *name, *type, *help; /* type: counter or gauge */
	uint8_t of;                     /* enum metric_group, metrics.c */
	size_t offset;                  /* of a uint64_t in the group's element */
};
extern const struct metric api_metrics[];
extern const size_t api_metrics_n;
/* The labels that the metric's samples have, as the manual names them; "" when there are none. */
const char *api_metric_labels(const struct metric *m);
