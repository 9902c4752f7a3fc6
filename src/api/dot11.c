/* phy80211: clients of access points, and related devices. */
#include <stdlib.h>
#include <string.h>

#include "api/query.h"
#include "api/reader.h"
#include "api/write.h"
#include "base/err.h"
#include "base/mem.h"
#include "phy/dot11/dot11.h"
#include "serve/reply.h"
#include "serve/request.h"
#include "serve/route.h"

#define RELATED_MAX 4096

struct key_set {
	struct key *items;
	uint32_t n, cap;
};

static bool add_key(struct key_set *s, const struct key *k)
{
	for (uint32_t i = 0; i < s->n; i++)
		if (key_equal(&s->items[i], k))
			return false;
	if (s->n == RELATED_MAX)
		return false;
	if (s->n == s->cap) {
		s->cap = s->cap ? s->cap * 2 : 16;
		xgrow(s->items, s->cap);
	}
	s->items[s->n++] = *k;
	return true;
}

/* Adds the stations of an access point, and with `both` the access points of a station. */
static void add_linked(struct api *api, const struct key *of, bool both, struct key_set *to)
{
	struct arena arena = {0};
	struct device *d = devices_get(&api->devices, of, &arena);
	const struct dot11_device *x = d ? device_part(d, 0) : NULL;

	for (uint32_t i = 0; x && i < x->associated.count; i++)
		(void) add_key(to, &(struct key){of->phy_hash, x->associated.items[i]});
	for (uint32_t i = 0; both && x && i < x->clients.count; i++)
		(void) add_key(to, &(struct key){of->phy_hash, x->clients.items[i].bssid});
	arena_finish(&arena);
}

static void reply_set(struct request *rq, struct reply *rp, struct key_set *set)
{
	struct api *api = request_context(rq);
	struct handle_list found = {0};
	struct device_query q;
	struct device_handle h;

	if (query_read(rq, rp, &q) < 0)
		return;
	for (uint32_t i = 0; i < set->n; i++)
		if (devices_find(&api->devices, &set->items[i], &h))
			handle_list_add(&found, h);
	reply_handles(rq, rp, &q, &found, false, "[", "]");
	query_finish(&q);
	free(found.items);
}

/* The key of the path, of a device that is there; false, and replied, when it is none. */
static bool known_key(struct request *rq, struct reply *rp, struct key *ret_key)
{
	const struct api *api = request_context(rq);
	struct device_handle h;

	if (!api_key_param(rq, rp, ret_key))
		return false;
	if (devices_find(&api->devices, ret_key, &h))
		return true;
	reply_error(rp, 404, "There is no device with that key.");
	return false;
}

static void clients_of(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	struct key_set set = {0};
	struct key key;

	if (!known_key(rq, rp, &key))
		return;
	add_linked(api, &key, false, &set);
	reply_set(rq, rp, &set);
	free(set.items);
}

static void related_to(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	struct key_set set = {0};
	struct key key;

	if (!known_key(rq, rp, &key))
		return;
	(void) add_key(&set, &key);
	for (uint32_t i = 0; i < set.n; i++) {
		struct key at = set.items[i];

		add_linked(api, &at, true, &set);
	}
	reply_set(rq, rp, &set);
	free(set.items);
}

#define BOTH METHOD_BOTH
/* clang-format off */
static const struct route routes[] = {
	{.methods = BOTH, .path = "/phy/phy80211/clients-of/{key}/clients", .formats = "*", .right = RIGHT_READ,
	 .handle = clients_of, .record = &device_table, .shape = SHAPE_LIST, .arguments = query_arguments,
	 .refusals = {{404, "no device has that key"}},
	 .doc = "The stations of an access point."},
	{.methods = BOTH, .path = "/phy/phy80211/related-to/{key}/devices", .formats = "*", .right = RIGHT_READ,
	 .handle = related_to, .record = &device_table, .shape = SHAPE_LIST, .arguments = query_arguments,
	 .refusals = {{404, "no device has that key"}},
	 .doc = "A device and all devices linked with it, directly or through others."},
};
/* clang-format on */
const struct route_table api_dot11_routes = {.routes = routes, .n = ARRAY_SIZE(routes)};
