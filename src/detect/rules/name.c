/* Names that networks have, and that stations look for. */
#include "detect/rules/functions.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"

static bool ssid_is(const struct ssid *s, const char *text)
{
	return s->len == strlen(text) && memcmp(s->b, text, s->len) == 0;
}

static bool ssid_holds(const struct ssid *s, const char *text)
{
	return memmem(s->b, s->len, text, strlen(text)) != NULL;
}

RULE(airjack)
{
	return ssid_is(&l->dot11->ssid, "AirJack");
}

RULE(format_string)
{
	return ssid_holds(&l->dot11->ssid, "%s") || ssid_holds(&l->dot11->ssid, "%n") ||
	       ssid_holds(&l->dot11->ssid, "%p") || ssid_holds(&l->dot11->ssid, "%@");
}

static bool is_valid_for(const struct ssid_rule *r, const struct mac *m)
{
	for (uint32_t i = 0; i < r->n_macs; i++)
		if (mac_matches(m, &r->macs[i]))
			return true;
	return false;
}

/* The setting that matches the name; for apspoof=, one whose addresses do not include the source. */
static bool ssid_rules_match(const struct rule_ctx *l, bool canary, struct effect *e)
{
	const struct ssid *ssid = &l->dot11->ssid;

	for (uint32_t i = 0; i < l->set->n_ssid_rules && !ssid_is_hidden(ssid); i++) {
		const struct ssid_rule *r = &l->set->ssid_rules[i];

		if (r->canary != canary || !regex_match(r->ssid, (const char *) ssid->b, ssid->len))
			continue;
		e->a = i;
		return canary || !is_valid_for(r, &l->f->source);
	}
	return false;
}

RULE(ap_spoof)
{
	return ssid_rules_match(l, false, e);
}

RULE(canary)
{
	return ssid_rules_match(l, true, e);
}

RULE(canary_probed)
{
	return ssid_rules_match(l, true, e);
}

RULE(null_probe_response)
{
	return (l->f->have & FRAME_HAS_SSID) && l->f->ssid.left == 0 && !frame_has(l->f, ELEMENT_MESH_ID);
}

/* A value of `ssid="..."` or `validmacs="..."` behind the name. */
static bool take_option(const char *text, const char *name, char *ret, size_t size)
{
	const char *p = strstr(text, name);
	size_t n;

	if (!p || p[strlen(name)] != '=')
		return false;
	p += strlen(name) + 1;
	if (*p == '"') {
		const char *end = strchr(++p, '"');

		n = end ? (size_t) (end - p) : strlen(p);
	} else {
		n = strcspn(p, ",");
	}
	if (n >= size)
		return false;
	memcpy(ret, p, n);
	ret[n] = '\0';
	return true;
}

bool ssid_rule_parse(const char *text, bool is_canary, struct ssid_rule *r, char ret_error[REGEX_ERROR_SIZE])
{
	char ssid[REGEX_BYTES + 1], macs[SSID_RULE_MACS_MAX * 40] = "", *save = NULL;
	size_t n = strcspn(text, ":");

	*r = (struct ssid_rule){.canary = is_canary};
	(void) snprintf(ret_error, REGEX_ERROR_SIZE, "expected name:ssid=\"expression\"%s",
			is_canary ? "" : ",validmacs=\"address,...\"");
	if (text[n] != ':' || n == 0 || n >= sizeof(r->name) || !take_option(text + n, "ssid", ssid, sizeof(ssid)))
		return false;
	memcpy(r->name, text, n);
	if (!is_canary && !take_option(text + n, "validmacs", macs, sizeof(macs)))
		return false;
	for (char *m = strtok_r(macs, ", ", &save); m; m = strtok_r(NULL, ", ", &save)) {
		if (r->n_macs == SSID_RULE_MACS_MAX || mac_mask_parse(m, strlen(m), &r->macs[r->n_macs++]) < 0) {
			(void) snprintf(ret_error, REGEX_ERROR_SIZE, "'%.40s' is no address", m);
			return false;
		}
	}
	r->ssid = regex_compile(ssid, ret_error);
	return r->ssid != NULL;
}
