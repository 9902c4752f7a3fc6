#include "feed/message_names.h"

#include "feed/message.h"

static const struct query_word kinds[] = {{"debug", MESSAGE_DEBUG}, {"info", MESSAGE_INFO},   {"error", MESSAGE_ERROR},
					  {"alert", MESSAGE_ALERT}, {"fatal", MESSAGE_FATAL}, {NULL, 0}};

static const struct query_name names[] = {
	{.name = "text",
	 .kind = QUERY_TEXT,
	 .bare = true,
	 .paths = {"kismet.messagebus.message_string"},
	 .doc = "Text of the message.",
	 .example = "text:source"},
	{.name = "kind",
	 .kind = QUERY_NUMBER,
	 .paths = {"kismet.messagebus.message_flags"},
	 .words = kinds,
	 .doc = "Kind of the message: debug, info, error, alert or fatal.",
	 .example = "kind:error"},
	{.name = "time",
	 .kind = QUERY_TIME,
	 .paths = {"kismet.messagebus.message_time"},
	 .doc = "When it was posted.",
	 .example = "time<5m"},
	{.name = NULL},
};

struct query_record message_query = {.name = "messages",
				     .one = "message",
				     .table = &message_fields,
				     .time = "time",
				     .columns = "time,kind,text",
				     .names = {names}};
