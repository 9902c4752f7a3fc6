/* Messages of the server to its users. */
#include <stdlib.h>

#include "base/limit.h"
#include "api/api.h"
#include "api/write.h"
#include "base/clock.h"
#include "base/mem.h"
#include "serve/request.h"
#include "serve/route.h"

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

/* clang-format off */
static const struct route routes[] = {
	{.methods = METHOD_BOTH, .path = "/messagebus/all_messages", .formats = "*", .right = RIGHT_READ,
	 .handle = all_messages, .record = &message_fields, .shape = SHAPE_LIST,
	 .doc = "The latest messages."},
	{.methods = METHOD_BOTH, .path = "/messagebus/last-time/{time}/messages", .formats = "*",
	 .right = RIGHT_READ, .handle = messages_since, .record = &message_fields, .shape = SHAPE_WRAPPED,
	 .doc = "Messages at or after a server second, and the time of this reply."},
};
/* clang-format on */
const struct route_table api_message_routes = {.routes = routes, .n = ARRAY_SIZE(routes)};
