#include "app/views.h"
#include "app/state.h"

unsigned views_read(struct app *a)
{
	const struct string_list *l = &a->conf.track.views;
	unsigned errors = 0;

	user_views_destroy(a->api.user_views);
	a->api.user_views = user_views_create();
	for (size_t i = 0; i < l->n; i++) {
		char error[FIELD_ERROR_SIZE];

		if (user_views_add(a->api.user_views, l->items[i], NULL, error) >= 0)
			continue;
		errors += options_fault(&a->conf.options, "view", l->items[i], error);
	}
	return errors;
}
