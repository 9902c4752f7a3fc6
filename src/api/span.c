#include "api/span.h"

#include "base/clock.h"
#include "query/times.h"
#include "serve/reply.h"
#include "serve/request.h"

bool api_time(struct request *rq, struct reply *rp, const char *name, uint32_t otherwise, uint32_t *ret_sec)
{
	const char *text = request_text(rq, name);
	uint32_t now = clock_server_sec();
	struct query_time t = {0};
	bool good;

	*ret_sec = otherwise;
	if (!text || !*text)
		return true;
	good = query_time_read(*text == '-' ? text + 1 : text, now, &t) && (t.age || *text != '-');
	if (good && t.age)
		t.from = (double) now - t.from;
	if (good && t.from >= 0 && t.from <= UINT32_MAX) {
		*ret_sec = (uint32_t) t.from;
		return true;
	}
	reply_error(
		rp, 400,
		"Invalid request: '%s' is a time (\"2026-03-01T03:00Z\", seconds since 1970, \"now\") or a duration "
		"before now (\"-2h\"), not '%.64s'.",
		name, text);
	return false;
}

bool api_span(struct request *rq, struct reply *rp, uint32_t normal_sec, uint32_t *ret_from, uint32_t *ret_to)
{
	uint32_t now = clock_server_sec() + 1;

	if (!api_time(rq, rp, "to", now, ret_to) ||
	    !api_time(rq, rp, "from", *ret_to > normal_sec ? *ret_to - normal_sec : 0, ret_from))
		return false;
	if (*ret_from < *ret_to)
		return true;
	reply_error(rp, 400, "Invalid request: the span ends before it begins ('from' %u, 'to' %u).", *ret_from,
		    *ret_to);
	return false;
}
