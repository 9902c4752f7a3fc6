#include "serve/download.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "serve/private.h"

static void add_param(const struct request *rq, const char *name, size_t n, struct buf *to)
{
	for (unsigned i = 0; i < rq->match.n_params; i++)
		if (strlen(rq->match.name[i]) == n && memcmp(rq->match.name[i], name, n) == 0)
			buf_str(to, rq->match.value[i]);
}

/* "{name}-handshake" with what the client put for the braces. */
static void add_step(const struct request *rq, const char *step, struct buf *to)
{
	const char *close = *step == '{' ? strchr(step, '}') : NULL;

	if (close)
		add_param(rq, step + 1, (size_t) (close - step - 1), to);
	buf_str(to, close ? close + 1 : step);
}

static void make_name(const struct request *rq, struct buf *to)
{
	const char *step = strrchr(rq->match.route->path, '/') + 1;
	unsigned named = rq->match.n_params;

	if (strchr(step, '{')) {
		add_step(rq, step, to);
		return;
	}
	for (unsigned i = 0; i < named; i++)
		buf_printf(to, "%s%s", i ? "-" : "", rq->match.value[i]);
	if (named == 0 || strncmp(step, "packets", 7) != 0)
		buf_printf(to, "%s%s", named ? "-" : "", step);
}

/* What a quoted text of a header may hold, without what file systems refuse. */
static bool plain(char c)
{
	return c >= ' ' && c <= '~' && !strchr("\"\\/;", c);
}

void reply_download(struct request *rq, struct reply *rp)
{
	struct buf name = {0}, to = {0};
	bool all_plain = true;

	make_name(rq, &name);
	buf_printf(&name, ".%s", rq->match.extension);
	buf_str(&to, "attachment; filename=\"");
	for (size_t i = 0; i < name.len; i++) {
		all_plain = all_plain && plain(name.p[i]);
		if (plain(name.p[i]))
			buf_char(&to, name.p[i]);
	}
	buf_char(&to, '"');
	if (!all_plain)
		buf_str(&to, "; filename*=UTF-8''");
	for (size_t i = 0; i < name.len && !all_plain; i++)
		buf_printf(&to, isalnum((unsigned char) name.p[i]) || strchr("-._", name.p[i]) ? "%c" : "%%%02X",
			   (unsigned char) name.p[i]);
	if (to.len < sizeof(rp->disposition))
		(void) snprintf(rp->disposition, sizeof(rp->disposition), "%s", buf_text(&to));
	buf_finish(&name);
	buf_finish(&to);
}
