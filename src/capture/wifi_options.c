#include "capture/wifi_options.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "capture/private.h"
#include "conf/definition.h"

#define NAME_MAX 32

/* "option,value": the option's name in small letters, and where its value is; NULL when it is none. */
static const char *take(const char *text, char ret_name[NAME_MAX])
{
	size_t n = strcspn(text, ",");

	if (n == 0 || n >= NAME_MAX || text[n] == '\0' || strpbrk(text, "=:\""))
		return NULL;
	for (size_t i = 0; i < n; i++)
		ret_name[i] = (char) (text[i] >= 'A' && text[i] <= 'Z' ? text[i] | 0x20 : text[i]);
	ret_name[n] = '\0';
	return text + n + 1;
}

bool capture_wifi_option_ok(const char *text)
{
	char name[NAME_MAX];

	return take(text, name) != NULL;
}

void source_definition(const struct source *s, char *ret, size_t size)
{
	const struct capture_conf *defaults = &s->registry->defaults;
	cleanup_free struct definition *d = xnew(struct definition, 1);
	size_t n = (size_t) snprintf(ret, size, "%s", s->record.definition);
	bool first;

	if (!s->record.driver.wifi || definition_parse(s->record.definition, d) < 0)
		return;
	first = d->n_options == 0;
	for (uint32_t i = 0; i < defaults->wifi_options.n && n < size; i++) {
		char name[NAME_MAX];
		const char *value = take(defaults->wifi_options.items[i], name);

		if (!value || definition_get(d, name))
			continue;
		n += (size_t) snprintf(ret + n, size - n, "%c%s=\"%s\"", first ? ':' : ',', name, value);
		first = false;
	}
}
