#include "capture/pending.h"

#include "capture/drivers.h"
#include "capture/file_source.h"
#include "capture/private.h"
#include "capture/source_state.h"
#include "capture/tzsp.h"

void registry_start_pending(struct registry *r)
{
	for (uint32_t i = 0; i < r->count && !r->stopping; i++) {
		struct source *s = r->sources[i];

		if (s->live || s->record.state != SOURCE_PENDING || (!s->unhurried && r->running >= r->cores))
			continue;
		s->record.state = SOURCE_RUNNING;
		s->record.running = true;
		s->started =
			pthread_create(&s->thread, NULL,
				       source_is_tzsp(&s->record.driver) ? tzsp_source_run : file_source_run, s) == 0;
		if (s->started)
			r->running += !s->unhurried;
		else
			(void) source_fail(s, "no thread could be started for it");
	}
}
