#include "commands.h"

#include <string.h>

#include "base/mem.h"
#include "store/packet_query.h"

static const struct log_command commands[] = {
	{"pcap", log_pcap, false, TAKES_OUT | TAKES_FILTER | TAKES_SPLIT,
	 "Packets as pcapng, with place, hash and number; all, or those that match, in one file or "
	 "several.",
	 "pcap Kismet-1.kismet --out ap.pcapng --filter address_trans=00:11:22:33:44:55"},
	{"wigle", log_wigle, true, TAKES_OUT | TAKES_RATE | TAKES_EXCLUDE,
	 "Where networks and Bluetooth devices were heard, as WigleWifi-1.6 for wigle.net.",
	 "wigle Kismet-1.kismet --out drive.csv --exclude 52.5,13.4,300"},
	{"kml", log_kml, true, TAKES_OUT | TAKES_EXCLUDE, "Devices on a map as KML, each at the mean of its places.",
	 "kml Kismet-1.kismet --out map.kml"},
	{"gpx", log_gpx, true, TAKES_OUT | TAKES_EXCLUDE,
	 "Devices as GPX waypoints, and the way of the GPS as a track for each log.",
	 "gpx Kismet-1.kismet --out way.gpx"},
	{"json", log_json, true, TAKES_OUT, "Devices as one list of the records that the server shows.",
	 "json Kismet-1.kismet --out devices.json"},
	{"ekjson", log_ekjson, true, TAKES_OUT, "The same records, one a line.",
	 "ekjson Kismet-1.kismet | grep -c IEEE802.11"},
	{"csv", log_csv, true, TAKES_OUT, "Devices as a table, with the fields that most people look for.",
	 "csv monday.kismet tuesday.kismet --out devices.csv"},
	{"stats", log_stats, true, TAKES_OUT | TAKES_JSON,
	 "How much of what is in a log, from when to when, from which sources and where.",
	 "stats Kismet-1.kismet --json"},
	{"strip", log_strip, false, TAKES_OUT,
	 "A copy without what packets hold, so that it can be given away; who sent to whom stays.",
	 "strip Kismet-1.kismet --out bare.kismet"},
	{"check", log_check, true, 0, "Whether the file is whole; the status is 0 when it is.",
	 "check Kismet-1.kismet"},
	{"repair", log_repair, false, TAKES_OUT, "A copy of all rows that can be read, also behind damaged places.",
	 "repair torn.kismet --out whole.kismet"},
	{"merge", log_merge, true, TAKES_OUT,
	 "Several logs as one; of two records of a device the later stays. A log that is not sound is left out and "
	 "named.",
	 "merge monday.kismet tuesday.kismet --out both.kismet"},
	{"index", log_index, true, 0,
	 "Adds indexes over time and addresses to a finished log, for programs that search in it.",
	 "index Kismet-1.kismet"},
};

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

static const struct log_option options[] = {
	{"--in", 0, "LOG", read_in, "The log, as an argument without a name is."},
	{"--quiet", 0, NULL, read_quiet, "Show no progress."},
	{"--out", TAKES_OUT, "FILE", read_out,
	 "Where to write; standard output unless told, but for commands that make a log or several "
	 "files."},
	{"--force", TAKES_OUT, NULL, read_force, "Replace FILE when it is there."},
	{"--filter", TAKES_FILTER, "NAME=VALUE", read_filter, "Only packets that match; repeated: that match all."},
	{"--split-packets", TAKES_SPLIT, "N", read_split_packets, "Begin another file after so many packets."},
	{"--split-size", TAKES_SPLIT, "KB", read_split_size, "Begin another file after so many kilobytes."},
	{"--split-source", TAKES_SPLIT, NULL, read_split_source, "A file for each datasource."},
	{"--rate", TAKES_RATE, "SECONDS", read_rate, "At most one row of a device in so long; 1 unless told."},
	{"--exclude", TAKES_EXCLUDE, "LAT,LON,METRES", read_exclude,
	 "Leave out what is so near to a place, such as your home."},
	{"--json", TAKES_JSON, NULL, read_json, "As JSON, one log a line."},
};

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
		buf_printf(out, "  %-8s %s\n", commands[i].name, commands[i].doc);
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
		     "fraction, frequencies in kHz,\nsizes in octets, signals in dBm, places in "
		     "degrees.\n\n");
	filters(out, "  ");
}

void log_manual(struct buf *out)
{
	buf_printf(out,
		   "========\nnorn-log\n========\n\n---------------------------------------\n"
		   "exports, checks and mends kismetdb "
		   "logs\n---------------------------------------\n\n"
		   ":Manual section: 1\n\n.. Generated from the tables of tools/log/commands.c.\n\n"
		   "SYNOPSIS\n========\n\n**norn-log** *command* [*option*]... *log*...\n\n"
		   "DESCRIPTION\n===========\n\n"
		   "Reads kismetdb logs of norn and of Kismet, from version %d of the format on. Rows "
		   "are read and written\n"
		   "one after the other, so that a log may be larger than the memory; on a terminal a "
		   "bar shows how far\n"
		   "that is. A log that is being written may be read. What makes a log writes the "
		   "present version of the\n"
		   "format, whatever the version of what it reads.\n",
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
