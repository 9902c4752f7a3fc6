/* norn-log: the command line. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "log.h"

static const struct command {
	const char *name;
	int (*run)(const struct log_options *o);
	const char *doc;
} commands[] = {
	{"pcap", log_pcap, "packets as pcapng"},
	{"wigle", log_wigle, "places where devices were heard, for wigle.net"},
	{"kml", log_kml, "devices on a map, as KML"},
	{"gpx", log_gpx, "devices and the way that was gone, as GPX"},
	{"json", log_json, "devices as one list"},
	{"ekjson", log_ekjson, "devices, one a line"},
	{"csv", log_csv, "devices as a table"},
	{"stats", log_stats, "what is in a log"},
	{"strip", log_strip, "a copy without what packets hold"},
	{"check", log_check, "is the log whole?"},
	{"repair", log_repair, "a copy of all that can be read"},
	{"merge", log_merge, "several logs as one"},
	{"index", log_index, "add indexes to a finished log"},
};

static const struct option {
	const char *name, *takes, *doc;
} options[] = {
	{"--in", "LOG", "the log, as an argument without a name is"},
	{"--out", "FILE", "where to write; standard output by default"},
	{"--force", NULL, "replace FILE"},
	{"--quiet", NULL, "show no progress"},
	{"--filter", "NAME=VALUE", "pcap: packets that match, by the names of the REST filters; repeated: all"},
	{"--split-packets", "N", "pcap: begin another file after so many packets"},
	{"--split-size", "KB", "pcap: begin another file after so many kilobytes"},
	{"--split-source", NULL, "pcap: a file for each datasource"},
	{"--rate", "SECONDS", "wigle: at most one row of a device in so long (1)"},
	{"--exclude", "LAT,LON,METRES", "wigle, kml, gpx: leave out what is so near"},
	{"--json", NULL, "stats: as JSON"},
};

static void help(FILE *f)
{
	(void) fputs("Usage: norn-log COMMAND [OPTION]... LOG...\n\nCommands:\n", f);
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		(void) fprintf(f, "  %-8s %s\n", commands[i].name, commands[i].doc);
	(void) fputs("\nOptions:\n", f);
	for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
		char left[64];

		(void) snprintf(left, sizeof(left), "%s %s", options[i].name,
				options[i].takes ? options[i].takes : "");
		(void) fprintf(f, "  %-26s %s\n", left, options[i].doc);
	}
}

static bool add_filter(struct log_options *o, char *text)
{
	char *equals = strchr(text, '=');

	if (!equals || o->n_filters == FILTERS_MAX)
		return false;
	*equals = '\0';
	o->filter_names[o->n_filters] = text;
	o->filter_values[o->n_filters++] = equals + 1;
	return true;
}

static bool read_whole(const char *text, uint64_t unit, uint64_t *ret)
{
	char *end;

	*ret = strtoull(text, &end, 10) * unit;
	return end != text && !*end && *ret > 0;
}

static bool take(struct log_options *o, const char *name, char *value)
{
	char *end;

	if (strcmp(name, "--force") == 0)
		return o->force = true;
	if (strcmp(name, "--quiet") == 0)
		return o->quiet = true;
	if (strcmp(name, "--json") == 0)
		return o->json = true;
	if (strcmp(name, "--split-source") == 0)
		return o->split_source = true;
	if (strcmp(name, "--out") == 0)
		return (o->out = value) != NULL;
	if (strcmp(name, "--in") == 0 && o->n_inputs < ARRAY_SIZE(o->inputs))
		return (o->inputs[o->n_inputs++] = value) != NULL;
	if (strcmp(name, "--filter") == 0)
		return add_filter(o, value);
	if (strcmp(name, "--split-packets") == 0)
		return read_whole(value, 1, &o->split_packets);
	if (strcmp(name, "--split-size") == 0)
		return read_whole(value, 1000, &o->split_bytes);
	if (strcmp(name, "--rate") == 0) {
		o->rate_sec = strtod(value, &end);
		return end != value && !*end && o->rate_sec >= 0;
	}
	return strcmp(name, "--exclude") == 0 &&
	       sscanf(value, "%lf,%lf,%lf", &o->exclude_lat, &o->exclude_lon, &o->exclude_m) == 3;
}

static const struct option *find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(options); i++)
		if (strcmp(options[i].name, name) == 0)
			return &options[i];
	return NULL;
}

static bool read_arguments(struct log_options *o, int n, char **v)
{
	for (int i = 0; i < n; i++) {
		const struct option *option = v[i][0] == '-' ? find(v[i]) : NULL;
		bool good;

		if (v[i][0] != '-')
			good = take(o, "--in", v[i]);
		else if (!option || (option->takes && i + 1 == n))
			good = false;
		else
			good = take(o, option->name, option->takes ? v[++i] : NULL);
		if (good)
			continue;
		(void) fprintf(stderr, "norn-log: '%s' is not understood; `norn-log --help` tells what is\n",
			       v[i]);
		return false;
	}
	if (o->n_inputs == 0)
		(void) fputs("norn-log: which log? Name one, as in `norn-log stats Kismet-1.kismet`\n", stderr);
	return o->n_inputs > 0;
}

int main(int argc, char **argv)
{
	static struct log_options o = {.rate_sec = 1};

	if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
		help(stdout);
		return 0;
	}
	for (size_t i = 0; argc > 1 && i < ARRAY_SIZE(commands); i++)
		if (strcmp(commands[i].name, argv[1]) == 0)
			return read_arguments(&o, argc - 2, argv + 2) ? commands[i].run(&o) : 2;
	help(stderr);
	return 2;
}
