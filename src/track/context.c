#include "track/context.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "track/model.h"
#include "track/views.h"

bool track_context_attach(const struct tracker *t, struct track_source *s, const struct uuid *uuid)
{
	for (uint32_t i = 0; i < t->n_remembered; i++) {
		if (memcmp(&t->remembered[i].uuid, uuid, sizeof(*uuid)) != 0)
			continue;
		s->seen_as = (uint16_t) (TRACK_SOURCES_MAX + i);
		return true;
	}
	return false;
}

bool track_context_uuid(const struct track_context *context, uint16_t source, struct uuid *ret_uuid)
{
	const struct tracker *t = context->tracker;

	if (source < TRACK_SOURCES_MAX)
		return context->source_uuid && context->source_uuid(context->ctx, source, ret_uuid);
	if (!t || source - TRACK_SOURCES_MAX >= (int) t->n_remembered)
		return false;
	*ret_uuid = t->remembered[source - TRACK_SOURCES_MAX].uuid;
	return true;
}

bool track_context_shown(const struct track_context *context, uint16_t source, struct source_shown *ret)
{
	*ret = (struct source_shown){0};
	if (!track_context_uuid(context, source, &ret->uuid))
		return false;
	if (source >= TRACK_SOURCES_MAX)
		*ret = context->tracker->remembered[source - TRACK_SOURCES_MAX].shown;
	if (context->source_shown)
		context->source_shown(context->ctx, ret);
	return true;
}

void track_context_names(const struct track_context *context, uint16_t source, const struct source_shown *shown)
{
	struct source_shown *to = &context->tracker->remembered[source - TRACK_SOURCES_MAX].shown;
	struct uuid uuid = to->uuid;

	*to = *shown;
	to->uuid = uuid;
}

int track_context_remember(const struct track_context *context, const struct uuid *uuid)
{
	struct tracker *t = context->tracker;

	if (!t)
		return ERR_NOT_FOUND;
	for (uint32_t i = 0; i < t->n_remembered; i++)
		if (memcmp(&t->remembered[i].uuid, uuid, sizeof(*uuid)) == 0)
			return (int) (TRACK_SOURCES_MAX + i);
	if (t->n_remembered == TRACK_REMEMBERED_MAX)
		return ERR_LIMIT;
	if (!t->remembered)
		t->remembered = xnew(struct remembered_source, TRACK_REMEMBERED_MAX);
	t->remembered[t->n_remembered] = (struct remembered_source){.uuid = *uuid, .shown.uuid = *uuid};
	views_add_source(t, (uint16_t) (TRACK_SOURCES_MAX + t->n_remembered), uuid);
	return (int) (TRACK_SOURCES_MAX + t->n_remembered++);
}
