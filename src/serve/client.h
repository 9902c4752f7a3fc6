/* Private to serve: the connection that work is for. */
#pragma once
#include "base/budget.h"

struct client;
struct request;

#define SECOND_NS UINT64_C(1000000000) /* of processor time */

/* Makes the request's client the one that the budget's work is for; it lives as long as the budget. */
void budget_for(struct budget *b, struct client *client, const struct request *rq);
