#include <stdlib.h>
#include <string.h>

#include "app/wep_keys.h"
#include "app/state.h"
#include "base/hex.h"
#include "base/mem.h"

/* Hex, with or without colons. */
static bool take_key(const char *s, struct wep_key *key)
{
	key->n = 0;
	while (*s) {
		int high = hex_value(s[0]), low = high < 0 ? -1 : hex_value(s[1]);

		if (low < 0 || key->n == WEP_KEY_MAX)
			return false;
		key->b[key->n++] = (uint8_t) (high << 4 | low);
		s += s[2] == ':' ? 3 : 2;
	}
	return key->n == 5 || key->n == 13 || key->n == 16;
}

static bool take_entry(const char *text, struct dot11_wep_key *k)
{
	const char *comma = strchr(text, ',');

	return comma && mac_mask_parse(text, (size_t) (comma - text), &k->bssid) >= 0 && take_key(comma + 1, &k->key);
}

unsigned wep_keys_read(struct app *a)
{
	const struct string_list *l = &a->conf.rest.wepkey;
	unsigned errors = 0;

	free(a->wep_keys);
	a->wep_keys = xnew(struct dot11_wep_key, l->n + 1);
	a->n_wep_keys = 0;
	for (size_t i = 0; i < l->n; i++) {
		if (take_entry(l->items[i], &a->wep_keys[a->n_wep_keys])) {
			a->n_wep_keys++;
			continue;
		}
		errors += options_fault(&a->conf.options, "wepkey", l->items[i],
					"expected BSSID,KEY with a key of 10, 26 or 32 hex digits");
	}
	return errors;
}
