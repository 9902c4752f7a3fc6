/* Quick paths change what frames cost, never what they leave behind (base/quick.h): every capture, twice, with another
 * behind it, and three mixed frame by frame, leaves the same records, names, channels and alerts with all of them on
 * and with all of them off. Arguments: folders of captures instead of those of the tree. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/quick.h"
#include "capture/pcapfile.h"
#include "capture/trailer.h"
#include "detect/detector.h"
#include "field/write.h"
#include "phy/dot11/dot11.h"
#include "phy/dot11/options.h"
#include "phy/dot11/ssids.h"
#include "phy/phys.h"
#include "track/read.h"
#include "track/tracker.h"

#define SERVER_SEC 2000000000u
#define SOURCES 3
#define BACKLOG 4096
#define MIXED 3

/* A capture in memory, with what its source would have found out about it. */
struct capture {
	char path[512];
	struct packet *packets;
	uint32_t n, room;
};

static char *const *folders;
static struct capture *captures;
static uint32_t n_captures;

static void keep_packet(struct capture *c, const struct packet *p)
{
	uint8_t *octets = malloc(p->data.left ? p->data.left : 1);

	memcpy(octets, p->data.p, p->data.left);
	if (c->n == c->room)
		xgrow(c->packets, c->room = c->room * 2 + 64);
	c->packets[c->n] = *p;
	c->packets[c->n++].data = span_of(octets, p->data.left);
}

static void read_capture(const char *path)
{
	char error[PCAPFILE_ERROR_SIZE];
	struct capture c = {.packets = NULL};
	struct trailers trailers = {.n = 0};
	struct packet p = {.number = 0};
	struct pcapfile *f;

	if (pcapfile_open(path, &f, error) < 0)
		return;
	while (pcapfile_next(f, &p) == 1) {
		trailers_apply(&trailers, &p);
		keep_packet(&c, &p);
		if (packet_peel(&p) >= 0)
			trailers_learn(&trailers, &p);
		p = (struct packet){.number = 0};
	}
	trailers_finish(&trailers);
	pcapfile_close(f);
	if (c.n == 0)
		return;
	(void) snprintf(c.path, sizeof(c.path), "%s", strrchr(path, '/') + 1);
	xgrow(captures, n_captures + 1);
	captures[n_captures++] = c;
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct capture *) a)->path, ((const struct capture *) b)->path);
}

static void read_folder(const char *folder)
{
	DIR *dir = opendir(folder);
	const struct dirent *e;
	char path[4096];

	while (dir && (e = readdir(dir)) != NULL) {
		(void) snprintf(path, sizeof(path), "%s/%s", folder, e->d_name);
		if (e->d_name[0] != '.')
			read_capture(path);
	}
	if (dir)
		(void) closedir(dir);
}

static int load(void **state)
{
	const char *root = getenv("SOURCE_ROOT");
	char path[4096];

	(void) state;
	for (char *const *folder = folders; *folder; folder++)
		read_folder(*folder);
	(void) snprintf(path, sizeof(path), "%s/tests/captures", root ? root : ".");
	if (!*folders)
		read_folder(path);
	if (captures)
		qsort(captures, n_captures, sizeof(*captures), by_path);
	return n_captures ? 0 : -1;
}

static int unload(void **state)
{
	(void) state;
	for (uint32_t i = 0; i < n_captures; i++) {
		for (uint32_t k = 0; k < captures[i].n; k++)
			free((void *) (uintptr_t) captures[i].packets[k].data.p);
		free(captures[i].packets);
	}
	free(captures);
	return 0;
}

/* A model with rules, such as a server has. */
struct world {
	struct dot11_conf dot11;
	struct alerts *alerts;
	struct tracker *tracker;
	struct detector *detector;
	uint64_t packets;
};

/* Rules that are off by default are on, and all may speak often. */
static void let_all_speak(struct alerts *alerts)
{
	struct alert_definition *d = xnew(struct alert_definition, ALERT_DEFINITIONS_MAX);
	uint32_t n = alerts_definitions(alerts, d, ALERT_DEFINITIONS_MAX);
	char text[ALERT_NAME_SIZE + 32];

	for (uint32_t i = 0; i < n; i++) {
		(void) snprintf(text, sizeof(text), "%s,600/min,20/sec", d[i].name);
		assert_int_equal(alerts_configure(alerts, text), 0);
	}
	free(d);
}

/* Names of the captures, and any. */
static void watch_names(struct detector_conf *c)
{
	static char *own[] = {"site-000", "Test", "WPA3-Network", "CorpNet"}, *bssids[] = {"00:1D:AA:00:00:01"},
		    *canary[] = {"any:ssid=\".\""}, *spoof[] = {"any:ssid=\"e\",validmacs=\"00:1D:AA:00:00:01\""};

	c->own_ssids = (struct string_list){own, ARRAY_SIZE(own)};
	c->own_bssids = (struct string_list){bssids, ARRAY_SIZE(bssids)};
	c->ssidcanary = (struct string_list){canary, ARRAY_SIZE(canary)};
	c->apspoof = (struct string_list){spoof, ARRAY_SIZE(spoof)};
}

/* Every option that keeps more of a device than the defaults do is on, and every rule, or none. */
static struct world begin(bool keep_all)
{
	struct world w = {.packets = 0};
	struct track_conf track = {.phys = built_in_phys};
	struct detector_conf detect = {.country_full = keep_all};
	unsigned errors = 0;

	option_table_default(&dot11_options, &w.dot11);
	option_table_default(&track_options, &track);
	option_table_default(&detector_options, &detect);
	if (keep_all)
		watch_names(&detect);
	(void) dot11_conf_read(&w.dot11, NULL, NULL);
	w.dot11.keep_elements = w.dot11.country_full = w.dot11.link_colocated = track.source_radios = keep_all;
	track.phy_conf[PHY_DOT11] = &w.dot11;
	w.alerts = alerts_create(BACKLOG, NULL);
	w.tracker = tracker_create(&track);
	w.detector = detector_create(&detect, w.alerts, w.tracker, &errors);
	assert_int_equal(errors, 0);
	if (keep_all)
		let_all_speak(w.alerts);
	detector_start(w.detector);
	for (uint16_t i = 0; i < SOURCES; i++)
		tracker_source(w.tracker, i, false, &(struct uuid){{9, (uint8_t) i}});
	return w;
}

static void end(struct world *w)
{
	tracker_destroy(w->tracker);
	detector_destroy(w->detector);
	alerts_destroy(w->alerts);
	dot11_conf_finish(&w->dot11);
	option_table_clear(&dot11_options, &w->dot11);
}

static void send(struct world *w, const struct packet *packet, uint16_t source)
{
	struct packet p = *packet;

	p.source = source;
	p.number = ++w->packets;
	tracker_packet(w->tracker, &p, SERVER_SEC + (uint32_t) (w->packets / 10));
}

static void send_all(struct world *w, const struct capture *c)
{
	for (uint32_t i = 0; i < c->n; i++)
		send(w, &c->packets[i], 0);
}

/* In what order frames come: the n-th capture, and those behind it. */
typedef void (*order_fn)(struct world *w, uint32_t n);

static const struct capture *at(uint32_t n)
{
	return &captures[n % n_captures];
}
static void once(struct world *w, uint32_t n)
{
	send_all(w, at(n));
}
static void twice(struct world *w, uint32_t n)
{
	send_all(w, at(n));
	send_all(w, at(n));
}
static void with_another(struct world *w, uint32_t n)
{
	send_all(w, at(n));
	send_all(w, at(n + 1));
}
static void mix(struct world *w, uint32_t n, uint16_t sources)
{
	bool more = true;

	for (uint32_t i = 0; more; i++) {
		more = false;
		for (uint32_t k = 0; k < MIXED; k++) {
			if (i >= at(n + k)->n)
				continue;
			send(w, &at(n + k)->packets[i], (uint16_t) (k % sources));
			more = true;
		}
	}
}
static void mixed(struct world *w, uint32_t n)
{
	mix(w, n, 1);
}
static void of_three_sources(struct world *w, uint32_t n)
{
	mix(w, n, SOURCES);
}

/* The same numbers in both runs. */
static uint32_t draw(uint64_t *state, uint32_t below)
{
	*state = *state * UINT64_C(6364136223846793005) + 1442695040888963407;
	return (uint32_t) (*state >> 33) % below;
}

/* Each frame, and then by chance itself again, damaged, cut, on another band, or at another time: records that change
 * to and fro. */
static void disturbed(struct world *w, uint32_t n)
{
	const struct capture *c = at(n);
	uint64_t state = n;

	for (uint32_t i = 0; i < c->n; i++) {
		struct packet p = c->packets[i];
		uint8_t octets[4096];

		send(w, &p, 0);
		if (p.data.left < 8 || p.data.left > sizeof(octets))
			continue;
		memcpy(octets, p.data.p, p.data.left);
		p.data.p = octets;
		if (draw(&state, 3) == 0)
			octets[p.data.left - 1 - draw(&state, (uint32_t) p.data.left / 2)] ^= 1 << draw(&state, 8);
		if (draw(&state, 3) == 0)
			p.data.left -= draw(&state, (uint32_t) p.data.left / 2);
		if (draw(&state, 3) == 0)
			p.length = (uint32_t) p.data.left;
		if (draw(&state, 3) == 0)
			p.radio.freq_khz = draw(&state, 2) ? 5955000 : 2412000;
		if (draw(&state, 3) == 0)
			p.time_us += draw(&state, 60000000);
		send(w, &p, 0);
		if (draw(&state, 4) == 0)
			send(w, &c->packets[draw(&state, i + 1)], 0);
	}
}

/* What a run left behind, a line each. */
struct lines {
	char **items;
	uint32_t n;
};

static void add_line(struct lines *l, struct buf *text)
{
	buf_char(text, '\0');
	if ((l->n & (l->n - 1)) == 0)
		xgrow(l->items, l->n ? l->n * 2 : 1);
	l->items[l->n++] = xstrdup(text->p);
	buf_clear(text);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *) a, *(char *const *) b);
}

/* The server's clock goes on between two runs. */
static void hide_change(char *text)
{
	static const char name[] = "\"kismet.device.base.mod_time\":";
	char *at = strstr(text, name);

	for (at = at ? at + sizeof(name) - 1 : text; *at >= '0' && *at <= '9'; at++)
		*at = '0';
}

static void write_devices(const struct world *w, struct field_ctx *ctx, struct lines *ret)
{
	struct tracker_walk walk = {.view = -1, .arena = ctx->arena};
	struct device *devices[TRACK_SLICE];
	struct device_handle handles[TRACK_SLICE];
	struct buf text = {0};
	uint32_t n;

	while ((n = tracker_next(w->tracker, &walk, devices, handles)) > 0)
		for (uint32_t i = 0; i < n; i++) {
			field_write(&text, &device_table, devices[i], FIELD_FORMAT_JSON, ctx);
			add_line(ret, &text);
			hide_change(ret->items[ret->n - 1]);
		}
	buf_finish(&text);
}

static void write_names(const struct world *w, struct field_ctx *ctx, struct lines *ret)
{
	struct tracker_walk walk = {.view = -1, .arena = ctx->arena};
	struct ssid_group *groups[TRACK_SLICE];
	struct device_handle handles[TRACK_SLICE];
	struct buf text = {0};
	uint32_t n;

	while ((n = tracker_next_ssids(w->tracker, &walk, groups, handles)) > 0)
		for (uint32_t i = 0; i < n; i++) {
			field_write(&text, &ssid_group_table, groups[i], FIELD_FORMAT_JSON, ctx);
			add_line(ret, &text);
		}
	buf_finish(&text);
}

static void write_alerts(const struct world *w, struct lines *ret)
{
	struct alert_definition *d = xnew(struct alert_definition, ALERT_DEFINITIONS_MAX);
	struct alert *a = xnew(struct alert, BACKLOG);
	uint32_t n = alerts_copy(w->alerts, 0, a, BACKLOG);
	struct buf text = {0};

	for (uint32_t i = 0; i < n; i++) {
		buf_printf(&text, "alert %s packet %llu of %u frames from %.6f to %.6f, %llu held back: %s", a[i].name,
			   (unsigned long long) a[i].packet, a[i].frames, a[i].first_time, a[i].packet_time,
			   (unsigned long long) a[i].held_back, a[i].text);
		add_line(ret, &text);
	}
	n = alerts_definitions(w->alerts, d, ALERT_DEFINITIONS_MAX);
	for (uint32_t i = 0; i < n; i++) {
		buf_printf(&text, "definition %s raised %llu held back %llu", d[i].name,
			   (unsigned long long) d[i].raised, (unsigned long long) d[i].held_back);
		add_line(ret, &text);
	}
	buf_finish(&text);
	free(a);
	free(d);
}

static void write_channels(const struct world *w, struct field_ctx *ctx, struct lines *ret)
{
	struct buf text = {0};

	field_write(&text, &channel_summary_table, tracker_channels(w->tracker, ctx->arena), FIELD_FORMAT_JSON, ctx);
	add_line(ret, &text);
	buf_finish(&text);
}

static struct lines run(order_fn order, uint32_t n, bool keep_all)
{
	struct world w = begin(keep_all);
	struct arena arena = {0};
	struct field_ctx ctx = {.now_us = SERVER_SEC * UINT64_C(1000000),
				.arena = &arena,
				.context = tracker_context(w.tracker),
				.state = keep_all};
	struct lines left = {.n = 0};

	order(&w, n);
	for (uint16_t i = 0; i < SOURCES; i++)
		tracker_source_end(w.tracker, i);
	ctx.model_now = tracker_now(w.tracker);
	write_devices(&w, &ctx, &left);
	write_names(&w, &ctx, &left);
	write_alerts(&w, &left);
	write_channels(&w, &ctx, &left);
	qsort(left.items, left.n, sizeof(*left.items), by_text);
	arena_finish(&arena);
	end(&w);
	return left;
}

static void finish(struct lines *l)
{
	for (uint32_t i = 0; i < l->n; i++)
		free(l->items[i]);
	free(l->items);
}

static void set_all(bool on)
{
	for (enum quick_path path = 0; path < QUICK_COUNT; path++)
		quick_set(path, on);
}

/* Prints the first line of each that is not among the others, from where they part. */
static bool differ(const struct lines *a, const struct lines *b, bool show)
{
	uint32_t i = 0;
	size_t same = 0, from;

	while (i < a->n && i < b->n && strcmp(a->items[i], b->items[i]) == 0)
		i++;
	if (i == a->n && i == b->n)
		return false;
	if (!show)
		return true;
	if (i == a->n || i == b->n) {
		print_error("%u lines, not %u\n", a->n, b->n);
		return true;
	}
	while (a->items[i][same] && a->items[i][same] == b->items[i][same])
		same++;
	from = same > 150 ? same - 150 : 0;
	print_error("  %.80s\n  on  %.300s\n  off %.300s\n", a->items[i], a->items[i] + from, b->items[i] + from);
	return true;
}

/* Which of the quick paths it is. */
static void blame(order_fn order, uint32_t n, bool keep_all, const struct lines *on)
{
	for (enum quick_path path = 0; path < QUICK_COUNT; path++) {
		struct lines off;

		set_all(true);
		quick_set(path, false);
		off = run(order, n, keep_all);
		if (differ(on, &off, false))
			print_error("  by the quick path %s\n", quick_name(path));
		finish(&off);
	}
	set_all(true);
}

static void compare(order_fn order)
{
	unsigned failed = 0;

	for (uint32_t i = 0; i < n_captures * 2; i++) {
		bool keep_all = i % 2;
		struct lines on = run(order, i / 2, keep_all), off;

		set_all(false);
		off = run(order, i / 2, keep_all);
		set_all(true);
		if (differ(&on, &off, true)) {
			failed++;
			print_error("%s%s\n", at(i / 2)->path, keep_all ? ", everything kept" : "");
			blame(order, i / 2, keep_all, &on);
		}
		finish(&on);
		finish(&off);
	}
	assert_int_equal(failed, 0);
}

#define ORDER(name)                                                                                                    \
	static void captures_##name(void **state)                                                                      \
	{                                                                                                              \
		(void) state;                                                                                          \
		compare(name);                                                                                         \
	}
ORDER(once)
ORDER(twice)
ORDER(with_another)
ORDER(mixed)
ORDER(of_three_sources)
ORDER(disturbed)

int main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(captures_once),
		cmocka_unit_test(captures_twice),
		cmocka_unit_test(captures_with_another),
		cmocka_unit_test(captures_mixed),
		cmocka_unit_test(captures_of_three_sources),
		cmocka_unit_test(captures_disturbed),
	};

	(void) argc;
	folders = argv + 1;
	return cmocka_run_group_tests(tests, load, unload);
}
