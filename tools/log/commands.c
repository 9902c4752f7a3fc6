#include "commands.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "check.h"
#include "copy.h"
#include "devices.h"
#include "index.h"
#include "sightings.h"
#include "query/times.h"
#include "stats.h"
#include "store/log/packet_query.h"
#include "wigle.h"

/* clang-format off */
static const struct log_command commands[] = {
	{.name = "pcap", .run = log_pcap, .takes = TAKES_OUT | TAKES_FILTER | TAKES_SPLIT,
	 .doc = "Packets as pcapng, with position, hash and number; all, or those that match, in one file or several.",
	 .example = "pcap Kismet-1.kismet --out ap.pcapng --filter address_trans=00:11:22:33:44:55"},
	{.name = "wigle", .run = log_wigle, .several = true, .takes = TAKES_OUT | TAKES_RATE | TAKES_EXCLUDE,
	 .doc = "Where networks and Bluetooth devices were seen, as WigleWifi-1.6 for wigle.net.",
	 .example = "wigle Kismet-1.kismet --out drive.csv --exclude 52.5,13.4,300"},
	{.name = "kml", .run = log_kml, .several = true, .takes = TAKES_OUT | TAKES_EXCLUDE,
	 .doc = "Devices on a map as KML, each at the mean of its positions.",
	 .example = "kml Kismet-1.kismet --out map.kml"},
	{.name = "gpx", .run = log_gpx, .several = true, .takes = TAKES_OUT | TAKES_EXCLUDE,
	 .doc = "Devices as GPX waypoints, and the path of the GPS as a track for each log.",
	 .example = "gpx Kismet-1.kismet --out way.gpx"},
	{.name = "json", .run = log_json, .several = true, .takes = TAKES_OUT,
	 .doc = "Devices as one list of the records that the server shows.",
	 .example = "json Kismet-1.kismet --out devices.json"},
	{.name = "ekjson", .run = log_ekjson, .several = true, .takes = TAKES_OUT,
	 .doc = "The same records, one a line.",
	 .example = "ekjson Kismet-1.kismet | grep -c IEEE802.11"},
	{.name = "csv", .run = log_csv, .several = true, .takes = TAKES_OUT,
	 .doc = "Devices as a table, with the fields that are needed most.",
	 .example = "csv monday.kismet tuesday.kismet --out devices.csv"},
	{.name = "sightings", .run = log_sightings, .several = true, .takes = TAKES_OUT | TAKES_JSON | TAKES_SPAN,
	 .doc = "What each datasource saw of each device in each minute, as a table, or as the records that the server shows.",
	 .example = "sightings Kismet-1.kismet --from 2026-03-01T03:00Z --to 2026-03-01T03:10Z"},
	{.name = "stats", .run = log_stats, .several = true, .takes = TAKES_OUT | TAKES_JSON,
	 .doc = "How much a log holds of what, from when to when, from which sources and where.",
	 .example = "stats Kismet-1.kismet --json"},
	{.name = "strip", .run = log_strip, .takes = TAKES_OUT,
	 .doc = "A copy without the content of packets, so that it can be given away; sender and receiver stay.",
	 .example = "strip Kismet-1.kismet --out bare.kismet"},
	{.name = "check", .run = log_check, .several = true,
	 .doc = "Whether the file is whole; the status is 0 when it is.",
	 .example = "check Kismet-1.kismet"},
	{.name = "repair", .run = log_repair, .takes = TAKES_OUT,
	 .doc = "A copy of all rows that can be read, also behind damaged pages.",
	 .example = "repair torn.kismet --out whole.kismet"},
	{.name = "merge", .run = log_merge, .several = true, .takes = TAKES_OUT,
	 .doc = "Several logs as one; of two records of a device the later stays. A damaged log is left out and named.",
	 .example = "merge monday.kismet tuesday.kismet --out both.kismet"},
	{.name = "index", .run = log_index, .several = true,
	 .doc = "Adds indexes over time and addresses to a finished log, for programs that search in it.",
	 .example = "index Kismet-1.kismet"},
};
/* clang-format on */

static bool read_in(struct log_options *o, char *value)
{
	if (o->n_inputs == ARRAY_SIZE(o->inputs))
		return false;
	o->inputs[o->n_inputs++] = value;
	return true;
}

static bool read_out(struct log_options *o, char *value)
{
	o->out = value;
	return true;
}

static bool read_force(struct log_options *o, char *value)
{
	(void) value;
	return o->force = true;
}

static bool read_quiet(struct log_options *o, char *value)
{
	(void) value;
	return o->quiet = true;
}

static bool read_json(struct log_options *o, char *value)
{
	(void) value;
	return o->json = true;
}

static bool read_split_source(struct log_options *o, char *value)
{
	(void) value;
	return o->split_source = true;
}

static bool read_filter(struct log_options *o, char *value)
{
	char *equals = strchr(value, '=');

	if (!equals || o->n_filters == FILTERS_MAX)
		return false;
	*equals = '\0';
	o->filter_names[o->n_filters] = value;
	o->filter_values[o->n_filters++] = equals + 1;
	return true;
}

static bool read_whole(const char *text, uint64_t unit, uint64_t *ret)
{
	char *end;
	unsigned long long n = strtoull(text, &end, 10);

	*ret = n * unit;
	return end != text && !*end && *text != '-' && n > 0 && n < UINT64_MAX / unit;
}

static bool read_split_packets(struct log_options *o, char *value)
{
	return read_whole(value, 1, &o->split_packets);
}

static bool read_split_size(struct log_options *o, char *value)
{
	return read_whole(value, 1000, &o->split_bytes);
}

static bool read_rate(struct log_options *o, char *value)
{
	char *end;

	o->rate_sec = strtod(value, &end);
	return end != value && !*end && o->rate_sec >= 0 && o->rate_sec <= 1e9;
}

static bool read_exclude(struct log_options *o, char *value)
{
	int n = 0;

	return sscanf(value, "%lf,%lf,%lf%n", &o->exclude_lat, &o->exclude_lon, &o->exclude_m, &n) == 3 && !value[n] &&
	       o->exclude_m > 0;
}

static bool read_time(const char *value, uint32_t *ret_sec)
{
	uint64_t now = clock_server_sec();
	struct query_time time;
	double sec;

	if (!query_time_read(value, now, &time))
		return false;
	sec = time.age ? (double) now - time.from : time.from;
	*ret_sec = sec < 0 ? 0 : (uint32_t) fmin(sec, UINT32_MAX);
	return true;
}

static bool read_from(struct log_options *o, char *value)
{
	return read_time(value, &o->from_sec);
}

static bool read_to(struct log_options *o, char *value)
{
	return read_time(value, &o->to_sec) && o->to_sec > 0;
}

static bool read_device(struct log_options *o, char *value)
{
	o->has_device = key_parse(value, strlen(value), &o->device) >= 0;
	return o->has_device;
}

/* clang-format off */
static const struct log_option options[] = {
	{.name = "--in", .value = "LOG", .read = read_in, .doc = "The log; the same as an argument without a name."},
	{.name = "--quiet", .read = read_quiet, .doc = "Show no progress."},
	{.name = "--out", .of = TAKES_OUT, .value = "FILE", .read = read_out,
	 .doc = "Where to write; by default standard output, except for commands that make a log or several files."},
	{.name = "--force", .of = TAKES_OUT, .read = read_force, .doc = "Replace FILE when it exists."},
	{.name = "--filter", .of = TAKES_FILTER, .value = "NAME=VALUE", .read = read_filter,
	 .doc = "Only packets that match; repeated: that match all."},
	{.name = "--split-packets", .of = TAKES_SPLIT, .value = "N", .read = read_split_packets,
	 .doc = "Begin a new file after so many packets."},
	{.name = "--split-size", .of = TAKES_SPLIT, .value = "KB", .read = read_split_size,
	 .doc = "Begin a new file after so many kilobytes."},
	{.name = "--split-source", .of = TAKES_SPLIT, .read = read_split_source,
	 .doc = "A file for each datasource."},
	{.name = "--rate", .of = TAKES_RATE, .value = "SECONDS", .read = read_rate,
	 .doc = "At most one row of a device in so many seconds; by default 1."},
	{.name = "--exclude", .of = TAKES_EXCLUDE, .value = "LAT,LON,METRES", .read = read_exclude,
	 .doc = "Leave out what is that near to a point, such as your home."},
	{.name = "--from", .of = TAKES_SPAN, .value = "TIME", .read = read_from,
	 .doc = "Only what ends after it: a day or a moment (2026-03-01T03:00Z), seconds since 1970, or so long ago (2h30m)."},
	{.name = "--to", .of = TAKES_SPAN, .value = "TIME", .read = read_to, .doc = "Only what begins before it."},
	{.name = "--device", .of = TAKES_SPAN, .value = "KEY", .read = read_device, .doc = "Only of the device of that key."},
	{.name = "--json", .of = TAKES_JSON, .read = read_json, .doc = "As JSON, one log or sighting a line."},
};
/* clang-format on */

const struct log_command *log_command_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

const struct log_option *log_option_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(options); i++)
		if (strcmp(options[i].name, name) == 0)
			return &options[i];
	return NULL;
}

/* The names of filters, in lines of bounded width. */
static void filters(struct buf *out, const char *indent)
{
	size_t width = 0;
	const char *name;

	for (size_t i = 0; (name = packet_query_filter_name(i)); i++) {
		if (width == 0 || width + strlen(name) > 72) {
			buf_printf(out, "%s%s%s", i ? "," : "", i ? "\n" : "", indent);
			width = strlen(indent);
		} else {
			buf_str(out, ", ");
		}
		buf_str(out, name);
		width += strlen(name) + 2;
	}
	buf_char(out, '\n');
}

static void help_options(struct buf *out, const struct log_command *c)
{
	buf_str(out, "\nOptions:\n");
	for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
		char left[64];

		if (c && options[i].of && !(options[i].of & c->takes))
			continue;
		(void) snprintf(left, sizeof(left), "%s %s", options[i].name, options[i].value ? options[i].value : "");
		buf_printf(out, "  %-26s %s\n", left, options[i].doc);
	}
	buf_printf(out, "  %-26s %s\n", "--help", "This text; behind a command, of that command.");
	if (c && (c->takes & TAKES_FILTER)) {
		buf_str(out, "\nFilters:\n");
		filters(out, "  ");
	}
}

void log_help(struct buf *out, const struct log_command *c)
{
	if (c)
		buf_printf(out, "Usage: norn-log %s [OPTION]... LOG%s\n\n%s\n", c->name, c->several ? "..." : "",
			   c->doc);
	else
		buf_str(out, "Usage: norn-log COMMAND [OPTION]... LOG...\n\nCommands:\n");
	for (size_t i = 0; !c && i < ARRAY_SIZE(commands); i++)
		buf_printf(out, "  %-9s %s\n", commands[i].name, commands[i].doc);
	help_options(out, c);
	buf_str(out, c ? "\nExample:\n" : "\nExamples:\n");
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		if (!c || c == &commands[i])
			buf_printf(out, "  norn-log %s\n", commands[i].example);
}

static void manual_commands(struct buf *out)
{
	buf_str(out, "\nCOMMANDS\n========\n");
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		buf_printf(out, "\n%s\n  %s Options:", commands[i].name, commands[i].doc);
		for (size_t k = 0; k < ARRAY_SIZE(options); k++)
			if (options[k].of & commands[i].takes)
				buf_printf(out, " **%s**", options[k].name);
		if (commands[i].takes == 0)
			buf_str(out, " none of its own");
		buf_str(out, ".\n");
	}
	buf_str(out, "\nOPTIONS\n=======\n");
	for (size_t i = 0; i < ARRAY_SIZE(options); i++)
		buf_printf(out, "\n%s%s%s\n  %s\n", options[i].name, options[i].value ? " " : "",
			   options[i].value ? options[i].value : "", options[i].doc);
	buf_str(out, "\n--help\n  A short form of this page; behind a command, of that command.\n");
	buf_str(out, "\nFILTERS\n=======\n\nThe names are those of */logging/kismetdb/pcap*: times "
		     "in Unix seconds with a "
		     "fraction, frequencies in kHz,\nsizes in octets, signals in dBm, positions in "
		     "degrees.\n\n");
	filters(out, "  ");
}

void log_manual(struct buf *out)
{
	buf_printf(
		out,
		"========\nnorn-log\n========\n\n---------------------------------------\n"
		"exports, checks and repairs kismetdb logs\n---------------------------------------\n\n"
		":Manual section: 1\n\n.. Generated from the tables of tools/log/commands.c.\n\n"
		"SYNOPSIS\n========\n\n**norn-log** *command* [*option*]... *log*...\n\n"
		"DESCRIPTION\n===========\n\n"
		"Reads kismetdb logs of norn and of Kismet, from version %d of the format on. Rows "
		"are read and written\n"
		"one after the other, so that a log may be larger than the memory; on a terminal a "
		"bar shows how far\n"
		"that is. A log that is being written may be read. What makes a log writes the "
		"present version of the\n"
		"format, whatever the version of what it reads.\n\n"
		"A log that is being written has a -wal beside it, which holds the latest rows: copy both. Of a "
		"main file alone\n"
		"the last minute may be missing, which is reported. A set on a read-only medium is read where it lies. "
		"Of several\n"
		"logs those that can be read are taken, the others are named, and the status is 1.\n",
		LOG_VERSION_LEAST);
	manual_commands(out);
	buf_str(out, "\nEXIT STATUS\n===========\n\n0 when all went well, 1 when a log cannot be "
		     "read to its end or "
		     "is not whole, 2 when the command line\nis not "
		     "understood.\n\nEXAMPLES\n========\n\n::\n\n");
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		buf_printf(out, "  norn-log %s\n", commands[i].example);
	buf_str(out, "\nSEE ALSO\n========\n\nnorn(8), norn.conf(5)\n");
}
