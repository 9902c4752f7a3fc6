#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/budget.h"
#include "base/mem.h"
#include "query/run.h"
#include "query/times.h"

#define NOW UINT64_C(1800000000)

/* A record with one of each kind. */
struct thing {
	char name[32], words[32], channel[10];
	uint8_t type, flag;
	uint32_t count, seen, freq_khz;
	uint64_t octets;
	int16_t signal;
	struct mac mac;
	LIST(struct part) parts;
	LIST(struct note) notes;
};
struct part {
	struct ssid ssid;
	uint32_t n;
};
struct note {
	char *name, *text;
};

static const char *const types[] = {"", "Wi-Fi AP", "Wi-Fi Client", "BTLE", NULL};
static const struct field part_rows[] = {
	FIELD(struct part, "part.ssid", ssid, "A name."),
	FIELD(struct part, "part.n", n, "A number."),
};
static struct field_table part_table = FIELD_TABLE(struct part, "part", part_rows);
static const struct field part_self = FIELD_ELEM_SELF(&part_table);
static const struct field note_key = FIELD_ELEM(struct note, name), note_value = FIELD_ELEM(struct note, text);
#define T struct thing
static const struct field rows[] = {
	FIELD(T, "thing.name", name, "."),
	FIELD(T, "thing.words", words, "."),
	FIELD(T, "thing.channel", channel, "."),
	FIELD_TEXTS(T, "thing.type", type, types, "."),
	FIELD(T, "thing.flag", flag, "."),
	FIELD(T, "thing.count", count, "."),
	FIELD(T, "thing.seen", seen, "."),
	FIELD(T, "thing.freq", freq_khz, "."),
	FIELD(T, "thing.octets", octets, "."),
	FIELD(T, "thing.signal", signal, "."),
	FIELD(T, "thing.mac", mac, "."),
	FIELD_MANY(T, "thing.parts", parts, &part_self, "."),
	FIELD_KEYED(T, "thing.notes", notes, &note_key, &note_value, "."),
};
static struct field_table table = FIELD_TABLE(T, "thing", rows);

static struct query_memo memo_of(const void *record)
{
	return (struct query_memo){(uint64_t) ((const T *) record)->words[0], 0};
}
static const struct query_word levels[] = {{"low", 5}, {"high", 15}, {NULL, 0}};
static const struct query_name names[] = {
	{.name = "name", .kind = QUERY_TEXT, .bare = true, .paths = {"thing.name"}},
	{.name = "words", .kind = QUERY_WORDS, .paths = {"thing.words"}, .memo = memo_of},
	{.name = "type", .kind = QUERY_WORDS, .paths = {"thing.type"}},
	{.name = "channel", .kind = QUERY_CHANNEL, .paths = {"thing.channel"}},
	{.name = "flag", .kind = QUERY_FLAG, .paths = {"thing.flag"}},
	{.name = "count", .kind = QUERY_NUMBER, .paths = {"thing.count"}, .words = levels},
	{.name = "seen", .kind = QUERY_TIME, .column = COLUMN_SEEN, .paths = {"thing.seen"}},
	{.name = "freq", .kind = QUERY_FREQUENCY, .paths = {"thing.freq"}},
	{.name = "size", .kind = QUERY_SIZE, .paths = {"thing.octets"}},
	{.name = "signal", .kind = QUERY_DBM, .paths = {"thing.signal"}},
	{.name = "mac", .kind = QUERY_ADDRESS, .bare = true, .paths = {"thing.mac"}},
	{.name = "ssid", .kind = QUERY_TEXT, .bare = true, .paths = {"thing.parts/part.ssid"}},
	{.name = "note", .kind = QUERY_TEXT, .bare = true, .paths = {"thing.notes"}},
	{.name = "alert", .kind = QUERY_OTHER, .other = "alerts", .paths = {"thing.mac"}},
	{.name = "view", .kind = QUERY_VIEW},
	{.name = NULL},
};
static const struct query_record record = {.name = "things", .one = "thing", .table = &table, .names = {names}};

static struct part parts[] = {{{4, "corp"}, 1}, {{4, "Cafe"}, 7}};
static char room[] = "room", kitchen[] = "Kitchen";
static struct note notes[] = {{room, kitchen}};

/* a, b, c */
static const struct thing things[] = {
	{.name = "alpha AP",
	 .words = "WPA2 WPA2-PSK AES-CCMP",
	 .channel = "6",
	 .type = 1,
	 .flag = 1,
	 .count = 5,
	 .seen = NOW - 30,
	 .freq_khz = 2437000,
	 .octets = 5000,
	 .signal = -40,
	 .mac = {{0x00, 0x1d, 0xaa, 0, 0, 1}},
	 .parts = {parts, 2, 2},
	 .notes = {notes, 1, 1}},
	{.name = "beta",
	 .words = "WEP",
	 .channel = "36VHT80",
	 .type = 2,
	 .count = 15,
	 .seen = NOW - 3600,
	 .freq_khz = 5180000,
	 .octets = 5000000,
	 .signal = -70,
	 .mac = {{0x00, 0x1d, 0xbb, 0, 0, 2}}},
	{.name = "", .words = "", .channel = "", .mac = {{0x02, 0, 0, 0, 0, 3}}},
};

static struct query_program *compile(const char *text)
{
	struct query_error error;
	struct query_program *p = query_compile(&record, text, strlen(text), NOW, &error);

	if (!p)
		fail_msg("'%s': %s", text, error.text);
	return p;
}

/* Whole, and in two halves. */
static bool matches(const struct query_program *p, const struct thing *t)
{
	struct query_run *r = query_run_create(p);
	struct arena arena = {0};
	struct field_ctx ctx = {.now_us = NOW * 1000000, .arena = &arena};
	uint32_t number;
	bool whole = query_matches(r, t, &ctx), halves;
	enum query_answer answer = query_look(r, t, &ctx, &number);

	halves = answer == QUERY_LATER ? query_later(r, number) : answer == QUERY_HIT;
	assert_int_equal(whole, halves);
	query_later_reset(r);
	query_run_destroy(r);
	arena_finish(&arena);
	return whole;
}

static void expect(const char *text, const char *which)
{
	struct query_program *p = compile(text);
	char found[4] = "";

	for (size_t i = 0; i < ARRAY_SIZE(things); i++)
		if (matches(p, &things[i]))
			strcat(found, (char[]){(char) ('a' + i), 0});
	if (strcmp(found, which) != 0)
		fail_msg("'%s' matches '%s', not '%s'", text, found, which);
	query_program_destroy(p);
}

static const struct {
	const char *text, *which;
} cases[] = {
	{"", "abc"},
	{"  ", "abc"},
	{"name:ALPHA", "a"},
	{"name=\"alpha AP\"", "a"},
	{"name=\"ALPHA AP\"", ""},
	{"name:al*", "a"},
	{"name:?eta", "b"},
	{"name:\"al*\"", ""},
	{"name:*", "ab"},
	{"not name:*", "c"},
	{"name!=beta", "ac"},
	{"name:(alpha,beta)", "ab"},
	{"name~^[ab]", "ab"},
	{"name:/^ALPHA/", ""},
	{"name:/^ALPHA/i", "a"},
	{"name!=/^alpha/", "bc"},
	{"words:wpa2", "a"},
	{"words:wpa", ""},
	{"words:psk", "a"},
	{"words:\"wpa2-psk aes\"", "a"},
	{"words=wep", "b"},
	{"type:ap", "a"},
	{"type:wi-fi", "ab"},
	{"type=\"wi-fi client\"", "b"},
	{"type:/fi .l/i", "b"},
	{"type:*", "ab"},
	{"channel:6", "a"},
	{"channel:36", "b"},
	{"channel:36vht80", "b"},
	{"channel:1..13", "a"},
	{"channel:(1,6,11)", "a"},
	{"channel:(1,36VHT80,11)", "b"},
	{"channel>=36", "b"},
	{"channel:36*", "b"},
	{"channel:*", "ab"},
	{"flag:yes", "a"},
	{"flag=no", "bc"},
	{"count:5", "a"},
	{"count:5..15", "ab"},
	{"count:6..", "b"},
	{"count:..4", "c"},
	{"count>5", "b"},
	{"count>=5", "ab"},
	{"count<5", "c"},
	{"count<=5", "ac"},
	{"count!=(5,15)", "c"},
	{"count:high", "b"},
	{"count:low..high", "ab"},
	{"seen<10m", "a"},
	{"seen:10m", "a"},
	{"seen>10m", "b"},
	{"seen<=1h", "ab"},
	{"seen>=1h", "b"},
	{"seen:1m..2h", "b"},
	{"seen>now", ""},
	{"seen<now", "ab"},
	{"seen>1799999000", "a"},
	{"seen:1799999000..1800000000", "a"},
	{"seen:2027-01-01..2027-02-01", "ab"},
	{"seen:2027-01-15T07:59:30Z", "a"},
	{"seen:2027-01-15T08:59:30+01:00", "a"},
	{"seen:2027-01-15T07:59Z", "a"},
	{"seen:\"2027-01-15 07:00Z\"", "b"},
	{"seen<1990-01-01", ""},
	{"freq:2437", "a"},
	{"freq:2437MHz", "a"},
	{"freq>5GHz", "b"},
	{"freq:2.4ghz..2.5GHz", "a"},
	{"freq:5180000kHz", "b"},
	{"size>1MB", "b"},
	{"size:5kB", "a"},
	{"signal>-60", "a"},
	{"signal>-60dBm", "a"},
	{"signal<-60", "b"},
	{"signal:-70..-50", "b"},
	{"signal:0", ""},
	{"mac:00:1d:aa:00:00:01", "a"},
	{"mac:00:1D", "ab"},
	{"mac:00:1d:aa:*", "a"},
	{"mac:00:1d:a0:00:00:00/20", "a"},
	{"mac:00:00:00:00:00:02/00:00:00:00:00:ff", "b"},
	{"mac!=00:1d", "c"},
	{"mac~01$", "a"},
	{"mac:(00:1d:aa,02:00)", "ac"},
	{"ssid:corp", "a"},
	{"ssid:/^caf/i", "a"},
	{"ssid=cafe", ""},
	{"not ssid:corp", "bc"},
	{"note:room", "a"},
	{"note:kitch", "a"},
	{"note:/^Kit/", "a"},
	{"thing.notes/room:kitchen", "a"},
	{"thing.count:15", "b"},
	{"thing.parts/part.n:7", "a"},
	{"thing.parts>1", "a"},
	{"thing.mac:00:1d", "ab"},
	{"beta", "b"},
	{"cafe", "a"},
	{"kitch*n", "a"},
	{"\"alpha ap\"", "a"},
	{"/^be/", "b"},
	{"00:1d:bb", "b"},
	{"00:1d:bb:00:00:02", "b"},
	{"1d:aa", ""},
	{"0000", ""},
	{"count:5 type:ap", "a"},
	{"count:5 and type:client", ""},
	{"count:5 or type:client", "ab"},
	{"count:5 OR type:client AND signal>-10", "a"},
	{"(count:5 or type:client) signal<-60", "b"},
	{"not (count:5 or type:client)", "c"},
	{"!type:ap", "bc"},
	{"!(type:ap)", "bc"},
	{"not not type:ap", "a"},
	{"name:/a/ or count:15 or words:wep", "ab"},
	{"(name:/^b/ or ssid:/corp/) and not count:15", "a"},
	{"\"and\"", ""},
	{"count : 5", "a"},
	{"count >= 15", "b"},
	{"count:5\n\tor\ncount:15", "ab"},
};

static void expressions_match_what_they_say(void **state)
{
	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		expect(cases[i].text, cases[i].which);
}

static const struct {
	const char *text;
	size_t at, n;
	const char *words;
} faults[] = {
	{"(count:5", 8, 0, "the ) of octet 0"},
	{"count:5)", 7, 1, "there is no ( for it"},
	{"count:", 6, 0, "here a value is expected"},
	{"count:)", 6, 1, "here a value is expected"},
	{"count:(1,)", 9, 1, "a list has values"},
	{"count:(1 2)", 9, 1, "a comma or the list's )"},
	{"count:()", 7, 1, "a list has values"},
	{"and", 0, 3, "here a term begins"},
	{"count:5 or", 10, 0, "here a term begins"},
	{"not", 3, 0, "here a term begins"},
	{":5", 0, 1, "here a term begins"},
	{"()", 1, 1, "here a term begins"},
	{"name:\"x", 5, 2, "the closing \" is missing"},
	{"name:/x", 5, 2, "the closing / is missing"},
	{"name:/x/g", 8, 1, "/i to ignore case"},
	{"name:/a(/", 8, 1, "the regular expression is not right"},
	{"name~*a", 5, 2, "the regular expression is not right"},
	{"sginal>-60", 0, 6, "'signal' is one"},
	{"thing.none:5", 0, 10, "things have no such name"},
	{"name>5", 4, 1, "allowed are : = != ~"},
	{"count~5", 5, 1, "allowed are : = != < <= > >="},
	{"flag>5", 4, 1, "allowed are : = !="},
	{"mac<5", 3, 1, "allowed are : = != ~"},
	{"signal>-60MHz", 7, 6, "its number may have a unit: dBm"},
	{"freq:5dBm", 5, 4, "kHz, MHz, GHz"},
	{"count:5m", 6, 2, "it has no unit"},
	{"seen<10", 5, 2, "a duration"},
	{"seen<10y", 5, 3, "a duration"},
	{"seen:2026-13-01", 5, 10, "a duration"},
	{"seen:25:00", 5, 5, "a duration"},
	{"seen:2h..2026-01-01", 5, 14, "both ends"},
	{"seen:2026-02-01..2026-01-01", 5, 22, "ends before it begins"},
	{"count:9..3", 6, 4, "ends before it begins"},
	{"count>1..3", 6, 4, "a span stands behind"},
	{"count:..", 6, 2, "it has no unit"},
	{"flag:maybe", 5, 5, "yes or no"},
	{"mac:zz", 4, 2, "an address is expected"},
	{"mac:00:1d:aa/24", 4, 11, "an address is expected"},
	{"mac:00:1d:aa:00:00:00/49", 4, 20, "an address is expected"},
	{"count:5 or view:x", 11, 4, "a view is joined"},
	{"view:x view:y", 0, 4, "one view"},
	{"not view:x", 4, 4, "a view is joined"},
	{"view>x", 4, 1, "allowed are : ="},
	{"name:\x01", 5, 1, "control characters"},
	{"x\x7f", 1, 1, "control characters"},
};

static void faults_say_where_and_what_is_allowed(void **state)
{
	struct query_error error;

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(faults); i++) {
		const char *text = faults[i].text;

		if (query_compile(&record, text, strlen(text), NOW, &error))
			fail_msg("'%s' is taken", text);
		if (error.at != faults[i].at || error.n != faults[i].n || !strstr(error.text, faults[i].words))
			fail_msg("'%s': %zu, %zu: %s", text, error.at, error.n, error.text);
	}
}

/* n times `part`, behind `before`. */
static char *repeated(const char *before, const char *part, size_t n, const char *after)
{
	char *text = xalloc(strlen(before) + n * strlen(part) + strlen(after) + 1), *end = stpcpy(text, before);

	while (n--)
		end = stpcpy(end, part);
	(void) stpcpy(end, after);
	return text;
}

static void refuse(char *text, const char *words)
{
	struct query_error error;
	struct query_program *p = query_compile(&record, text, strlen(text), NOW, &error);

	assert_null(p);
	if (!strstr(error.text, words))
		fail_msg("%s", error.text);
	free(text);
}

static void limits_hold(void **state)
{
	(void) state;
	refuse(repeated("", "x ", 40000, ""), "at most 65536 octets");
	refuse(repeated("", "x ", 5000, ""), "at most 4096 terms");
	refuse(repeated("", "(", 65, "x"), "at most 64 deep");
	refuse(repeated("", "not ", 65, "x"), "at most 64 deep");
	refuse(repeated("count:(1", ",1", 8192, ")"), "at most 8192 values");
	refuse(repeated("", "/x/ ", 33, ""), "at most 32 regular expressions");
	refuse(repeated("\"", "x", 65535, ""), "the closing");
}

static void long_expressions_are_taken(void **state)
{
	char *texts[] = {repeated("count:(5", ",7", 8191, ")"), repeated("", "name:alpha ", 4000, ""),
			 repeated("((((((((((((((((count:5", ")", 16, ""), repeated("", "\"a\" ", 4000, "")};

	(void) state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct query_program *p = compile(texts[i]);

		assert_true(matches(p, &things[0]));
		query_program_destroy(p);
		free(texts[i]);
	}
}

static void columns_are_bounded(void **state)
{
	struct query_program *p = compile("seen<10m count:5 view:phy-x");
	struct query_bound b = query_program_bound(p, COLUMN_SEEN);

	(void) state;
	assert_true(b.least == (double) (NOW - 600) && b.most > 1e18);
	assert_string_equal(query_program_view(p), "phy-x");
	assert_int_equal(query_program_weight(p), 2);
	query_program_destroy(p);
	p = compile("seen<10m or count:5");
	b = query_program_bound(p, COLUMN_SEEN);
	assert_true(b.least < 0 && !query_program_view(p));
	query_program_destroy(p);
	p = compile("not seen<10m");
	assert_true(query_program_bound(p, COLUMN_SEEN).least < 0);
	query_program_destroy(p);
	p = compile("seen:1700000000..1700000100");
	b = query_program_bound(p, COLUMN_SEEN);
	assert_true(b.least == 1700000000 && b.most == 1700000101);
	query_program_destroy(p);
}

static void durations_have_units(void **state)
{
	double sec;

	(void) state;
	assert_true(query_duration_read("1h30m", &sec) && sec == 5400);
	assert_true(query_duration_read("0.5d", &sec) && sec == 43200);
	assert_false(query_duration_read("", &sec) || query_duration_read("5", &sec) ||
		     query_duration_read("m", &sec) || query_duration_read("1e99s", &sec) ||
		     query_duration_read("-1s", &sec));
}

static void other_records_are_bound(void **state)
{
	struct query_program *p = compile("alert:DEAUTH* or count:15");
	uint64_t addresses[] = {mac_u64(&things[2].mac), mac_u64(&things[0].mac)};

	(void) state;
	assert_int_equal(query_others(p), 1);
	assert_string_equal(query_other_record(p, 0), "alerts");
	assert_true(query_other_matches(p, 0, "DEAUTHFLOOD", 11));
	assert_false(query_other_matches(p, 0, "XDEAUTH", 7));
	assert_false(matches(p, &things[0]));
	query_other_bind(p, 0, addresses, 2);
	assert_true(matches(p, &things[0]) && matches(p, &things[1]) && matches(p, &things[2]));
	query_program_destroy(p);
}

static void a_budget_ends_it(void **state)
{
	char *text = repeated("", "name:alpha ", 4000, "");
	struct query_program *p = compile(text);
	struct budget b = {0};

	(void) state;
	assert_true(matches(p, &things[0]));
	budget_enter(&b);
	while (!budget_over())
		;
	assert_false(matches(p, &things[0]));
	budget_leave();
	query_program_destroy(p);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(expressions_match_what_they_say),
		cmocka_unit_test(faults_say_where_and_what_is_allowed),
		cmocka_unit_test(limits_hold),
		cmocka_unit_test(long_expressions_are_taken),
		cmocka_unit_test(columns_are_bounded),
		cmocka_unit_test(other_records_are_bound),
		cmocka_unit_test(a_budget_ends_it),
		cmocka_unit_test(durations_have_units),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
