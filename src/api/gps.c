/* GPS: positions of the server. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "api/gps.h"
#include "api/api.h"
#include "api/socket.h"
#include "api/write.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/secret.h"
#include "field/position.h"
#include "locate/drivers.h"
#include "locate/locator.h"
#include "serve/argument.h"
#include "serve/reply.h"
#include "serve/request.h"
#include "serve/route.h"
#include "serve/websocket.h"

static void drivers(struct request *rq, struct reply *rp)
{
	uint32_t n;
	const struct gps_driver *d = gps_drivers(&n);

	api_write_list(rq, rp, &gps_driver_table, d, n);
}

static void all_gps(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	struct gps_record *g = xnew(struct gps_record, GPS_MAX);
	uint32_t n = locator_copy(api->locator, g, GPS_MAX);

	for (uint32_t i = 0; i < n && strcmp(request_role(rq), "admin") != 0; i++)
		secret_mask(g[i].definition, sizeof(g[i].definition));
	api_write_list(rq, rp, &gps_table, g, n);
	free(g);
}

struct best_position {
	struct position position;
	struct uuid gps;
};
static bool has_position(const void *obj)
{
	return ((const struct best_position *) obj)->position.fix >= POSITION_FIX_2D;
}
static const struct field real_row = FIELD_ELEM_KIND(FIELD_REAL);
static struct field_items geopoint(const void *obj, struct field_ctx *ctx)
{
	const struct best_position *b = obj;
	double pair[2] = {b->position.lon, b->position.lat};

	return (struct field_items){arena_copy(ctx->arena, pair, sizeof(pair)), 2};
}
static uint64_t position_sec_argument(const void *obj, struct field_ctx *ctx)
{
	(void) ctx;
	return ((const struct best_position *) obj)->position.time_us / 1000000;
}
static uint64_t position_usec_argument(const void *obj, struct field_ctx *ctx)
{
	(void) ctx;
	return ((const struct best_position *) obj)->position.time_us % 1000000;
}
#define B struct best_position
static const struct field best_rows[] = {
	FIELD_CALL_LIST("kismet.common.location.geopoint", geopoint, sizeof(double), &real_row,
			"Longitude and latitude in degrees; 0 and 0 without a position.",
			.type = "pair[double, double]"),
	FIELD(B, "kismet.common.location.gps_uuid", gps, "GPS that reported it.", .present = has_position),
	FIELD(B, "kismet.common.location.alt", position.alt_m, "Altitude in metres.", .present = has_position),
	FIELD(B, "kismet.common.location.speed", position.speed_kmh, "Kilometres per hour.", .present = has_position),
	FIELD(B, "kismet.common.location.heading", position.heading_deg, "Degrees from true north.",
	      .present = has_position),
	FIELD(B, "norn.common.location.accuracy", position.accuracy_m,
	      "Radius in metres that holds the position about 95 % of the time; 0: unknown.", .present = has_position),
	FIELD(B, "kismet.common.location.fix", position.fix, "Fix: 2 without, 3 with altitude.",
	      .present = has_position),
	FIELD_CALL_U64("kismet.common.location.time_sec", position_sec_argument, "Second of the fix; 0 without one."),
	FIELD_CALL_U64("kismet.common.location.time_usec", position_usec_argument, "Microsecond of the fix."),
};
static struct field_table best_table = FIELD_TABLE(B, "location", best_rows);

static void location(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	struct best_position b = {0};

	b.position = locator_best(api->locator, clock_server_sec(), &b.gps);
	api_write_record(rq, rp, &best_table, &b);
}

void api_publish_position(struct api *api)
{
	struct best_position b = {0};

	if (!events_wanted(api->events, EVENT_GPS_LOCATION))
		return;
	b.position = locator_best(api->locator, clock_server_sec(), &b.gps);
	events_publish(api->events, EVENT_GPS_LOCATION, &best_table, &b);
}

static void one_location(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	const char *text = request_param(rq, "uuid");
	struct gps_record *g = xnew(struct gps_record, GPS_MAX);
	uint32_t n = locator_copy(api->locator, g, GPS_MAX), i = 0;
	struct uuid uuid;
	bool good = uuid_parse(text, strlen(text), &uuid) >= 0;

	while (good && i < n && memcmp(&g[i].uuid, &uuid, sizeof(uuid)) != 0)
		i++;
	if (!good)
		reply_error(rp, 400, "That is not a uuid.");
	else if (i == n)
		reply_error(rp, 404, "There is no GPS of that uuid.");
	else
		api_write_record(rq, rp, &position_table, &g[i].location);
	free(g);
}

/* An object of positions by uuid. */
static void all_locations(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	struct gps_record *g = xnew(struct gps_record, GPS_MAX);
	uint32_t n = locator_copy(api->locator, g, GPS_MAX);
	struct arena arena = {0};
	struct field_ctx ctx = api_context(api, &arena);

	buf_char(reply_buf(rp), '{');
	for (uint32_t i = 0; i < n; i++) {
		char text[UUID_TEXT_SIZE];

		uuid_format(&g[i].uuid, text);
		buf_printf(reply_buf(rp), "%s\"%s\":", i ? "," : "", text);
		field_write(reply_buf(rp), &position_table, &g[i].location, request_format(rq).fields, &ctx);
	}
	buf_char(reply_buf(rp), '}');
	arena_finish(&arena);
	free(g);
}

#define NO_META_GPS "There is no GPS of type meta with that name; gps=meta:name=... adds one."
#define NO_WEB_GPS "There is no GPS of type web; gps=web:name=webgps adds one."

/* Degrees, metres and kilometres an hour of the command; NULL, or what is wrong with them. */
static const char *read_position(const struct json_in *c, struct position *ret)
{
	double alt = 0, speed = 0, accuracy = 0;

	*ret = (struct position){.time_us = clock_server_us(), .fix = POSITION_FIX_2D};
	if (!json_in_real(json_in_get(c, "lat"), &ret->lat) || !json_in_real(json_in_get(c, "lon"), &ret->lon) ||
	    fabs(ret->lat) > 90 || fabs(ret->lon) > 180)
		return "Invalid request: expected 'lat' from -90 to 90 and 'lon' from -180 to 180 in the "
		       "command.";
	if ((json_in_get(c, "alt") && !json_in_real(json_in_get(c, "alt"), &alt)) ||
	    (json_in_get(c, "spd") && !json_in_real(json_in_get(c, "spd"), &speed)))
		return "Invalid request: 'alt' and 'spd' must be numbers.";
	if (json_in_get(c, "accuracy") &&
	    (!json_in_real(json_in_get(c, "accuracy"), &accuracy) || !(accuracy >= 0 && accuracy < 1e8)))
		return "Invalid request: 'accuracy' must be a radius in metres.";
	ret->accuracy_m = (float) accuracy;
	ret->alt_m = (float) alt;
	ret->speed_kmh = (float) speed;
	if (json_in_get(c, "alt"))
		ret->fix = POSITION_FIX_3D;
	return NULL;
}

static void web_update(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	struct position p;
	const char *wrong = read_position(request_command(rq), &p);

	if (wrong)
		reply_error(rp, 400, "%s", wrong);
	else if (locator_update(api->locator, "web", NULL, &p) < 0)
		reply_error(rp, 404, NO_WEB_GPS);
	else
		api_done(rq, rp, "Updated");
}

static void meta_update(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	const char *name = request_param(rq, "name");
	struct position p;
	const char *wrong = read_position(request_command(rq), &p);

	if (wrong)
		reply_error(rp, 400, "%s", wrong);
	else if (locator_update(api->locator, "meta", name, &p) < 0)
		reply_error(rp, 404, NO_META_GPS);
	else
		api_done(rq, rp, "Updated");
}

/* The same by websocket, one position a message. */
struct position_socket {
	struct api_socket socket; /* first: the shared functions take it */
	const char *type;
	char *name; /* NULL: any of the type */
};

static void position_opened(void *ctx, struct websocket *ws)
{
	struct position_socket *s = ctx;

	api_socket_opened(ctx, ws, s->name ? "Meta GPS" : "Web GPS");
}

static void position_message(void *ctx, const char *p, size_t n, bool binary)
{
	struct position_socket *position_socket = ctx;
	struct api_socket *s = &position_socket->socket;
	struct json_in *command = api_socket_command(s, p, n, binary);
	struct position position;
	const char *wrong = command ? read_position(command, &position) : NULL;

	if (wrong)
		api_socket_error(s, "%s", wrong);
	else if (command &&
		 locator_update(s->api->locator, position_socket->type, position_socket->name, &position) < 0)
		api_socket_error(s, position_socket->name ? NO_META_GPS : NO_WEB_GPS);
	json_in_free(command);
}

static void position_second(void *ctx)
{
	api_socket_second(ctx);
}

static void position_closed(void *ctx)
{
	struct position_socket *s = ctx;

	api_socket_closed(ctx);
	free(s->name);
	free(s);
}

static void open_position_socket(struct request *rq, struct reply *rp, const char *type, const char *name)
{
	static const struct websocket_kind kind = {position_opened, position_message, position_second, position_closed};
	struct position_socket *s = xnew(struct position_socket, 1);

	s->type = type;
	s->name = name ? xstrdup(name) : NULL;
	api_socket_init(&s->socket, rq);
	reply_websocket(rp, &kind, s);
}

static void web_updates(struct request *rq, struct reply *rp)
{
	open_position_socket(rq, rp, "web", NULL);
}

static void meta_updates(struct request *rq, struct reply *rp)
{
	const char *name = request_param(rq, "name");

	open_position_socket(rq, rp, "meta", name);
}

static void add_gps(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	const char *definition = request_text(rq, "definition");
	char error[160];

	if (locator_add(api->locator, definition, error) < 0)
		reply_error(rp, 500, "%s.", error);
	else
		api_done(rq, rp, "Added");
}

static void remove_gps(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	const char *text = request_param(rq, "uuid");
	struct uuid uuid;

	if (uuid_parse(text, strlen(text), &uuid) < 0)
		reply_error(rp, 400, "That is not a uuid.");
	else if (locator_remove(api->locator, &uuid) < 0)
		reply_error(rp, 404, "There is no GPS of that uuid.");
	else
		api_done(rq, rp, "Removed");
}

/* clang-format off */
static const struct argument position_arguments[] = {
	{.name = "lat", .type = ARGUMENT_NUMBER, .needed = true, .doc = "Degrees north."},
	{.name = "lon", .type = ARGUMENT_NUMBER, .needed = true, .doc = "Degrees east."},
	{.name = "alt", .type = ARGUMENT_NUMBER, .doc = "Metres."},
	{.name = "spd", .type = ARGUMENT_NUMBER, .doc = "Kilometres per hour."},
	{.name = "accuracy", .type = ARGUMENT_NUMBER,
	 .doc = "Radius in metres that holds the position about 95 % of the time."},
	{.name = NULL},
};
/* clang-format on */
/* clang-format off */
static const struct argument add_arguments[] = {
	{.name = "definition", .type = ARGUMENT_NAME, .needed = true,
	 .doc = "As gps= of the configuration has it."},
	{.name = NULL},
};
/* clang-format on */
#define BOTH METHOD_BOTH
/* clang-format off */
static const struct route routes[] = {
	{.methods = BOTH, .path = "/gps/drivers", .formats = "*", .right = RIGHT_READ, .handle = drivers,
	 .record = &gps_driver_table, .shape = SHAPE_LIST,
	 .doc = "Kinds of GPS."},
	{.methods = BOTH, .path = "/gps/all_gps", .formats = "*", .right = RIGHT_READ, .handle = all_gps,
	 .record = &gps_table, .shape = SHAPE_LIST, .flags = ROUTE_SECRETS,
	 .doc = "Every GPS; passwords in definitions are for administrators."},
	{.methods = BOTH, .path = "/gps/location", .formats = "*", .right = RIGHT_READ, .handle = location,
	 .record = &best_table, .shape = SHAPE_RECORD,
	 .doc = "The best position now."},
	{.methods = BOTH, .path = "/gps/all_locations", .formats = "*", .right = RIGHT_READ, .handle = all_locations,
	 .record = &position_table, .shape = SHAPE_OBJECT,
	 .doc = "The position of every GPS, by uuid."},
	{.methods = BOTH, .path = "/gps/by-uuid/{uuid}/location", .formats = "*", .right = RIGHT_READ,
	 .handle = one_location, .record = &position_table, .shape = SHAPE_RECORD,
	 .refusals = {{404, "no GPS has that uuid"}},
	 .doc = "The position of one GPS."},
	{.methods = METHOD_POST, .path = "/gps/web/update", .formats = "cmd,json", .right = RIGHT_WEBGPS,
	 .handle = web_update, .record = &api_done_table, .shape = SHAPE_RECORD, .arguments = position_arguments,
	 .refusals = {{404, "there is no GPS of type web"}},
	 .doc = "Sets the position of the GPS of type web."},
	{.methods = METHOD_POST, .path = "/gps/meta/{name}/update", .formats = "cmd,json", .right = RIGHT_WEBGPS,
	 .handle = meta_update, .record = &api_done_table, .shape = SHAPE_RECORD, .arguments = position_arguments,
	 .refusals = {{404, "no GPS of type meta has that name"}},
	 .doc = "Sets the position of a GPS of type meta."},
	{.methods = METHOD_GET, .path = "/gps/web/update", .formats = "ws", .right = RIGHT_WEBGPS,
	 .handle = web_updates, .shape = SHAPE_WEBSOCKET, .flags = ROUTE_WEBSOCKET,
	 .doc = "Sets the position of the GPS of type web, with each message."},
	{.methods = METHOD_GET, .path = "/gps/meta/{name}/update", .formats = "ws", .right = RIGHT_WEBGPS,
	 .handle = meta_updates, .shape = SHAPE_WEBSOCKET, .flags = ROUTE_WEBSOCKET,
	 .doc = "Sets the position of a GPS of type meta, with each message."},
	{.methods = METHOD_POST, .path = "/gps/add_gps", .formats = "cmd,json", .right = RIGHT_ADMIN,
	 .handle = add_gps, .record = &api_done_table, .shape = SHAPE_RECORD, .flags = ROUTE_COMMAND,
	 .arguments = add_arguments,
	 .refusals = {{500, "the GPS cannot be added"}},
	 .doc = "Adds a GPS."},
	{.methods = BOTH, .path = "/gps/by-uuid/{uuid}/remove_gps", .formats = "cmd,json", .right = RIGHT_ADMIN,
	 .handle = remove_gps, .record = &api_done_table, .shape = SHAPE_RECORD, .flags = ROUTE_COMMAND,
	 .refusals = {{404, "no GPS has that uuid"}},
	 .doc = "Removes a GPS."},
};
/* clang-format on */
const struct route_table api_gps_routes = {.routes = routes, .n = ARRAY_SIZE(routes)};
