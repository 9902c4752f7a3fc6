/* A route as doc/recipes.md has it made: a record with its rows, a handler, one row. Nothing else makes it answer, and
 * its record is in the schema before the first request. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <arpa/inet.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "api/api.h"
#include "api/write.h"
#include "base/mem.h"
#include "field/table.h"
#include "phy/phys.h"
#include "track/tracker.h"

struct wheel {
	uint32_t spokes;
};
struct bicycle {
	char name[16];
	struct wheel front;
	struct wheel *rear;
};

static const struct field wheel_rows[] = {FIELD(struct wheel, "norn.wheel.spokes", spokes, "How many spokes it has.")};
static struct field_table wheel_table = FIELD_TABLE(struct wheel, "wheel", wheel_rows);
static const struct field bicycle_rows[] = {
	FIELD(struct bicycle, "norn.bicycle.name", name, "Its name."),
	FIELD_IN(struct bicycle, "norn.bicycle.front", front, &wheel_table, "Its front wheel."),
	FIELD_OWN(struct bicycle, "norn.bicycle.rear", rear, &wheel_table, "Its rear wheel."),
};
static struct field_table bicycle_table = FIELD_TABLE(struct bicycle, "bicycle", bicycle_rows);
/* Of no route: a handler writes it all the same. */
static const struct field bell_rows[] = {FIELD(struct bicycle, "norn.bell.name", name, "Its name.")};
static struct field_table bell_table = FIELD_TABLE(struct bicycle, "bell", bell_rows);

static struct wheel rear = {36};
static const struct bicycle bicycles[] = {{.name = "one", .front = {32}, .rear = &rear}, {.name = "two"}};

static void all(struct request *rq, struct reply *rp)
{
	api_write_list(rq, rp, &bicycle_table, bicycles, ARRAY_SIZE(bicycles));
}

static void bell(struct request *rq, struct reply *rp)
{
	api_write_record(rq, rp, &bell_table, &bicycles[0]);
}

static const struct route routes[] = {
	{.methods = METHOD_GET,
	 .path = "/bicycles/all",
	 .formats = "*",
	 .right = RIGHT_OPEN,
	 .handle = all,
	 .record = &bicycle_table,
	 .doc = "Every bicycle.",
	 .shape = SHAPE_LIST},
	{.methods = METHOD_GET,
	 .path = "/bicycles/bell",
	 .formats = "*",
	 .right = RIGHT_OPEN,
	 .handle = bell,
	 .doc = "A bell.",
	 .shape = SHAPE_RECORD},
};
static const struct route_table table = {.routes = routes, .n = ARRAY_SIZE(routes)};
static const struct route_table *const tables[] = {&table, NULL};

/* Asks for a path; the whole reply. */
static void get(uint16_t port, const char *path, char *ret, size_t size)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	size_t have = 0;
	ssize_t n;

	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (const struct sockaddr *) &to, sizeof(to)), 0);
	(void) snprintf(ret, size, "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", path);
	assert_int_equal(write(fd, ret, strlen(ret)), strlen(ret));
	while (have < size - 1 && (n = read(fd, ret + have, size - 1 - have)) > 0)
		have += (size_t) n;
	ret[have] = '\0';
	(void) close(fd);
}

static bool is_listed(const char *type)
{
	const struct field_table *const *all_tables;
	size_t n = field_tables(&all_tables);

	for (size_t i = 0; i < n; i++)
		if (strcmp(all_tables[i]->type, type) == 0)
			return true;
	return false;
}

static void a_route_answers_as_soon_as_it_is_a_row(void **state)
{
	struct track_conf track = {.phys = built_in_phys};
	struct api api = {0};
	struct api_conf shown = {0};
	struct serve_conf conf = {.tables = tables, .ctx = &api};
	struct serve *serve;
	char reply[4096];

	(void) state;
	option_table_default(&track_options, &track);
	track.oui_file = "/nowhere";
	api.tracker = tracker_create(&track);
	api.devices = tracker_devices(api.tracker);
	option_table_default(&api_server_options, &shown);
	option_table_default(&api_httpd_options, &shown);
	api.conf = &shown;
	option_table_default(&serve_options, &conf);
	conf.port = 0;
	free(TAKE(conf.auth_file)); /* nothing is kept */
	free(TAKE(conf.session_file));
	assert_false(is_listed("bicycle"));
	assert_int_equal(serve_start(&conf, &serve), 0);
	assert_true(is_listed("bicycle"));
	assert_true(is_listed("wheel"));
	assert_false(is_listed("bell"));
	get(serve_port(serve), "/bicycles/all.json", reply, sizeof(reply));
	assert_non_null(strstr(reply, "HTTP/1.1 200"));
	assert_non_null(strstr(reply,
			       "[{\"norn.bicycle.name\":\"one\",\"norn.bicycle.front\":{\"norn.wheel.spokes\":32},"
			       "\"norn.bicycle.rear\":{\"norn.wheel.spokes\":36}},"));
	get(serve_port(serve), "/bicycles/all.prettyjson", reply, sizeof(reply));
	assert_non_null(strstr(reply, "How many spokes it has."));
	get(serve_port(serve), "/bicycles/bell.tjson", reply, sizeof(reply));
	assert_non_null(strstr(reply, "{\"norn_bell_name\":\"one\"}"));
	assert_true(is_listed("bell"));
	serve_stop(serve);
	option_table_clear(&serve_options, &conf);
	tracker_destroy(api.tracker);
}

static const struct field pump_rows[] = {FIELD_IN(struct bicycle, "norn.pump.wheel", front, &wheel_table, "A wheel.")};
static struct field_table pump_table = FIELD_TABLE(struct bicycle, "pump", pump_rows);

static void *prepare(void *at)
{
	*(const struct field_meta **) at = field_meta(&pump_table);
	return NULL;
}

static void threads_that_use_a_table_first_agree(void **state)
{
	const struct field_meta *got[8];
	pthread_t threads[8];

	(void) state;
	for (size_t i = 0; i < 8; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, prepare, &got[i]), 0);
	for (size_t i = 0; i < 8; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	for (size_t i = 0; i < 8; i++) {
		assert_ptr_equal(got[i], got[0]);
		assert_string_equal(got[i]->rows[0].json, "\"norn.pump.wheel\":");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_route_answers_as_soon_as_it_is_a_row),
		cmocka_unit_test(threads_that_use_a_table_first_agree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
