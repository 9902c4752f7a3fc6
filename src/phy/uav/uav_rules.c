/* uav_match=: makers' rules by address and name. */
#include "phy/uav/uav_rules.h"

#include <stdio.h>
#include <string.h>

#include "phy/uav/uav.h"

#define R struct uav_rule
static const struct field rule_rows[] = {
	FIELD(R, "uav_match_name", id, "Name of the rule."),
	FIELD(R, "uav.manufmatch.name", name, "Maker."),
	FIELD(R, "uav.manufmatch.model", model, "Model."),
	FIELD(R, "uav.manufmatch.mac", mac_text, "Address and mask that match.", .type = "mac_addr"),
	FIELD(R, "uav.manufmatch.ssid_regex", ssid_text, "Expression that names match."),
	FIELD(R, "uav.manufmatch.partial", any, "Either is enough.", .type = "uint8_t"),
};
struct field_table uav_rule_table = FIELD_TABLE(R, "uav manufmatch", rule_rows);

/* One `key="value"` or `key=value` of the list; false at its end. *p is moved behind the comma. */
static bool next_option(const char **p, char key[16], char *value, size_t size)
{
	size_t n = strcspn(*p, "="), len;
	const char *v = *p + n;

	if (**p == '\0' || *v != '=' || n >= 16)
		return false;
	memcpy(key, *p, n);
	key[n] = '\0';
	v++;
	if (*v == '"') {
		v++;
		len = strcspn(v, "\"");
		*p = v + len + (v[len] == '"');
	} else {
		len = strcspn(v, ",");
		*p = v + len;
	}
	*p += strspn(*p, ", ");
	if (len >= size)
		return false;
	memcpy(value, v, len);
	value[len] = '\0';
	return true;
}

static bool take_mac(struct uav_rule *r, const char *value, char ret_error[REGEX_ERROR_SIZE])
{
	if (strlen(value) >= sizeof(r->mac_text) || mac_mask_parse(value, strlen(value), &r->mac) < 0) {
		(void) snprintf(ret_error, REGEX_ERROR_SIZE, "'%.40s' is no address or address/mask", value);
		return false;
	}
	memcpy(r->mac_text, value, strlen(value) + 1);
	r->has_mac = true;
	return true;
}

static bool take_option(struct uav_rule *r, const char *key, const char *value, char ret_error[REGEX_ERROR_SIZE])
{
	char *text = strcmp(key, "name") == 0 ? r->name : strcmp(key, "model") == 0 ? r->model : NULL;

	if (text) {
		(void) snprintf(text, sizeof(r->name), "%s", value);
	} else if (strcmp(key, "mac") == 0) {
		return take_mac(r, value, ret_error);
	} else if (strcmp(key, "match_any") == 0) {
		r->any = strcmp(value, "true") == 0;
	} else if (strcmp(key, "ssid") == 0 && !r->ssid) {
		(void) snprintf(r->ssid_text, sizeof(r->ssid_text), "%s", value);
		r->ssid = regex_compile(value, ret_error);
		return r->ssid != NULL;
	} else {
		(void) snprintf(ret_error, REGEX_ERROR_SIZE, "'%s' is none of name, model, mac, ssid and match_any",
				key);
		return false;
	}
	return true;
}

bool uav_rule_parse(const char *text, struct uav_rule *r, char ret_error[REGEX_ERROR_SIZE])
{
	size_t n = strcspn(text, ":");
	const char *p = text + n + 1;
	char key[16], value[REGEX_BYTES + 1];
	bool fine = true;

	*r = (struct uav_rule){0};
	(void) snprintf(ret_error, REGEX_ERROR_SIZE,
			"expected id:name=\"maker\",ssid=\"expression\",mac=\"address/mask\"");
	if (text[n] != ':' || n == 0 || n >= sizeof(r->id))
		return false;
	memcpy(r->id, text, n);
	while (fine && next_option(&p, key, value, sizeof(value)))
		fine = take_option(r, key, value, ret_error);
	if (!fine || *p || !*r->name || (!r->has_mac && !r->ssid)) {
		uav_rule_finish(r);
		return false;
	}
	return true;
}

void uav_rule_finish(struct uav_rule *r)
{
	regex_free(r->ssid);
	r->ssid = NULL;
}

bool uav_rule_matches(const struct uav_rule *r, const struct mac *mac, const struct ssid *ssid)
{
	bool by_mac = r->has_mac && mac_matches(mac, &r->mac);
	bool by_name;

	if (r->any && by_mac)
		return true;
	if (!r->any && r->has_mac && !by_mac)
		return false;
	by_name = r->ssid && ssid->len && regex_match(r->ssid, (const char *) ssid->b, ssid->len);
	return r->any ? by_name : by_name || (!r->ssid && by_mac);
}
