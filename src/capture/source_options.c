/* Options that a definition may have: which there are, whether their values can be, and what is said of others. */
#include "capture/source_options.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "capture/options.h"

#define NEAR 2 /* letters by which a name may differ from the one that was meant */
#define NAME_MOST 32

#define RATE_LEAST 0.001
#define RATE_MOST 1e9

enum value { ANY, YES_NO, NUMBER, RATE, A_UUID, FCS };

/* Those of every source, of files, of TZSP, and of the capture programs, ours and Kismet's. */
static const struct source_option {
	const char *name;
	enum value value;
} known[] = {
	{"name"},
	{"type"},
	{"uuid", A_UUID},
	{"retry", YES_NO},
	{"timestamp", YES_NO},
	{"metagps"},
	{"channel"},
	{"channels"},
	{"add_channels"},
	{"block_channels"},
	{"channel_hop", YES_NO},
	{"channel_hoprate"},
	{"fcs", FCS},
	{"info_antenna_type"},
	{"info_antenna_gain", NUMBER},
	{"info_antenna_orientation", NUMBER},
	{"info_antenna_beamwidth", NUMBER},
	{"info_amp_type"},
	{"info_amp_gain", NUMBER},
	{"realtime", YES_NO},
	{"pps", RATE},
	{"listen"},
	{"port"},
	{"sender"},
	{"rate"},
	{"vif"},
	{"ignoreprimary"},
	{"fcsfail"},
	{"plcpfail"},
	{"ht_channels"},
	{"vht_channels"},
	{"default_ht20"},
	{"expand_ht20"},
	{"band24ghz"},
	{"band5ghz"},
	{"band6ghz"},
	{"filter_locals"},
	{"filter_interface"},
	{"filter_address"},
	{"filter_mgmt"},
	{"truncate_data"},
	{"statistics"},
	{"verbose"},
	{"disable_leds"},
	{"device"},
	{"baudrate"},
	{"phy"},
	{"band"},
	{"gain"},
	{"ppm"},
	{"rtlbin"},
	{"biastee"},
	{"biast"},
	{"biastgpio"},
	{"pass_invalid"},
	{"adsb_uuid"},
	{"host"},
	{"apikey"},
	{"user"},
	{"password"},
	{"topic"},
};

static bool is_yes_no(const char *value)
{
	static const char *const words[] = {"true", "false", "yes", "no", "1", "0", "on", "off"};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strcasecmp(value, words[i]) == 0)
			return true;
	return false;
}

static bool is_number(const char *value)
{
	char *end;

	return isfinite(strtod(value, &end)) && end != value && *end == '\0';
}

static bool is_rate(const char *value)
{
	double v = strtod(value, NULL);

	return is_number(value) && (v == 0 || (v >= RATE_LEAST && v <= RATE_MOST));
}

/* What was expected instead; NULL when the value can be. */
static const char *expected(enum value kind, const char *value)
{
	struct uuid u;

	switch (kind) {
	case YES_NO: return is_yes_no(value) ? NULL : "true or false";
	case NUMBER: return is_number(value) ? NULL : "a number";
	case RATE: return is_rate(value) ? NULL : "a number of packets a second, 0 for all";
	case A_UUID: return uuid_parse(value, strlen(value), &u) >= 0 ? NULL : "a uuid";
	case FCS: return strcmp(value, "ignore") == 0 || strcmp(value, "check") == 0 ? NULL : "ignore or check";
	default: return NULL;
	}
}

static const struct source_option *find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (strcmp(known[i].name, name) == 0)
			return &known[i];
	return NULL;
}

/* How many letters must be put in, left out or changed (Levenshtein); names of at most NAME_MOST. */
static unsigned distance(const char *a, const char *b)
{
	unsigned row[NAME_MOST + 1], n = (unsigned) strlen(b);

	for (unsigned i = 0; i <= n; i++)
		row[i] = i;
	for (; *a; a++) {
		unsigned corner = row[0]++;

		for (unsigned i = 1; i <= n; i++) {
			unsigned change = corner + (*a != b[i - 1]), out = row[i] + 1, in = row[i - 1] + 1;

			corner = row[i];
			row[i] = change < out ? change : out;
			row[i] = in < row[i] ? in : row[i];
		}
	}
	return row[n];
}

static const char *nearest(const char *name)
{
	const char *best = NULL;
	unsigned least = NEAR + 1;

	if (strlen(name) > NAME_MOST)
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		unsigned d = distance(name, known[i].name);

		if (d < least && d < strlen(name)) {
			least = d;
			best = known[i].name;
		}
	}
	return best;
}

int source_options_check(const struct definition *d, char error[SOURCE_TEXT_SIZE])
{
	for (unsigned i = 0; i < d->n_options; i++) {
		const struct source_option *o = find(d->options[i].name);
		const char *want = o ? expected(o->value, d->options[i].value) : NULL;

		if (want) {
			(void) snprintf(error, SOURCE_TEXT_SIZE, "The option %s=%.64s is not valid: expected %s",
					o->name, d->options[i].value, want);
			return ERR_MALFORMED;
		}
	}
	return 0;
}

bool source_options_unknown(const struct definition *d, char ret[SOURCE_TEXT_SIZE])
{
	size_t n = 0;

	*ret = '\0';
	for (unsigned i = 0; i < d->n_options && n < SOURCE_TEXT_SIZE; i++) {
		const char *name = d->options[i].name, *near;

		if (find(name))
			continue;
		near = nearest(name);
		n += (size_t) snprintf(ret + n, SOURCE_TEXT_SIZE - n, "%sThere is no source option '%.40s'%s%s%s",
				       n ? "; " : "", name, near ? ": did you mean '" : "", near ? near : "",
				       near ? "'?" : "");
	}
	return *ret;
}
