/* Which interfaces there are: every program that can list them is asked, one after the other. */
#pragma once
#include "capture/record.h"

struct registry;

/* Interfaces that drivers could open, asked of their helpers; how many, at most max. Waits. */
uint32_t capture_list(struct registry *r, struct source_interface *ret_interfaces, uint32_t max);
