/* Messages: what the server told its users. */
#include <stdlib.h>

#include "base/limit.h"
#include "api/api.h"
#include "base/clock.h"
#include "base/mem.h"

static void all_messages(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	struct message *m = xnew(struct message, limit_of(LIMIT_MESSAGES));
	size_t n = message_copy(api->messages, 0, m);

	api_write_list(rq, rp, &message_fields, m, n);
	free(m);
}

static void messages_since(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	uint64_t now = clock_server_sec();
	struct message *m;
	uint32_t since;
	size_t n;

	if (!api_since(rp, request_param(rq, "time"), &since))
		return;
	m = xnew(struct message, limit_of(LIMIT_MESSAGES));
	n = message_copy(api->messages, since, m);
	api_write_wrapped(rq, rp, "kismet.messagebus.list", &message_fields, m, n, "kismet.messagebus.timestamp",
			  (double) now);
	free(m);
}

static const struct route routes[] = {
	{METHOD_BOTH, "/messagebus/all_messages", "*", RIGHT_READ, all_messages, &message_fields,
	 "The latest messages.", SHAPE_LIST},
	{METHOD_BOTH, "/messagebus/last-time/{time}/messages", "*", RIGHT_READ, messages_since, &message_fields,
	 "Messages at or after a server second, and the time of this reply.", SHAPE_WRAPPED},
};
const struct route_table api_message_routes = {.routes = routes, .n = ARRAY_SIZE(routes)};
