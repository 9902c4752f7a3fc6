/* phy80211: the whitelist of fingerprints. */
#include <stdlib.h>
#include <string.h>

#include "api/api.h"
#include "api/write.h"
#include "base/err.h"
#include "base/limit.h"
#include "base/mem.h"
#include "serve/argument.h"
#include "serve/reply.h"
#include "serve/request.h"
#include "serve/route.h"
#include "store/state/fingerprints.h"

#define MACS_MAX 65536

static void all_fingerprints(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	uint32_t n;
	struct fingerprint *items = fingerprints_all(api->fingerprints, &n);

	api_write_list(rq, rp, &fingerprint_table, items, n);
	free(items);
}

/* Sets the hashes that the command names; others stay. */
static bool read_hashes(struct reply *rp, const struct json_in *v, struct fingerprint *x)
{
	const struct {
		const char *name;
		uint32_t *to;
	} hashes[] = {{"beacon_hash", &x->beacon}, {"probe_hash", &x->probe}, {"response_hash", &x->response}};

	for (size_t i = 0; i < ARRAY_SIZE(hashes); i++) {
		const struct json_in *h = json_in_get(v, hashes[i].name);
		int64_t whole;

		if (!h)
			continue;
		if (!json_in_whole(h, &whole) || whole < 0 || whole > UINT32_MAX) {
			reply_error(rp, 400, "Invalid request: '%s' must be a whole number from 0 to 4294967295.",
				    hashes[i].name);
			return false;
		}
		*hashes[i].to = (uint32_t) whole;
	}
	return true;
}

static bool read_mac(struct reply *rp, const char *text, struct mac *ret_mac)
{
	if (text && mac_parse(text, strlen(text), ret_mac) >= 0)
		return true;
	reply_error(rp, 400, "Invalid request: expected an address of the form AA:BB:CC:DD:EE:FF.");
	return false;
}

static bool read_fingerprint(struct reply *rp, const struct json_in *v, struct fingerprint *ret)
{
	*ret = (struct fingerprint){0};
	return read_mac(rp, json_in_text(json_in_get(v, "macaddr")), &ret->mac) && read_hashes(rp, v, ret);
}

static bool reply_refused(struct reply *rp, int r)
{
	if (r >= 0)
		return false;
	if (r == ERR_EXISTS)
		reply_error(rp, 400, "There is already a fingerprint of that address; update changes it.");
	else if (r == ERR_NOT_FOUND)
		reply_error(rp, 404, "There is no fingerprint of that address.");
	else if (r == ERR_LIMIT)
		reply_error(rp, 400, "The limit of %u fingerprints is reached; raise norn_max_fingerprints.",
			    (unsigned) limit_of(LIMIT_FINGERPRINTS));
	else
		reply_error(rp, 500,
			    "The whitelist was changed, but the change could not be saved for the next run; the log "
			    "says why.");
	return true;
}

static void insert(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	struct fingerprint x;

	if (read_fingerprint(rp, request_command(rq), &x) &&
	    !reply_refused(rp, fingerprints_insert(api->fingerprints, &x, 1)))
		api_done(rq, rp, "Fingerprint added");
}

static void update(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	struct fingerprint x;
	struct mac mac;

	if (!read_mac(rp, request_param(rq, "mac"), &mac))
		return;
	if (!fingerprints_find(api->fingerprints, &mac, &x))
		(void) reply_refused(rp, ERR_NOT_FOUND);
	else if (read_hashes(rp, request_command(rq), &x) &&
		 !reply_refused(rp, fingerprints_update(api->fingerprints, &x)))
		api_done(rq, rp, "Fingerprint updated");
}

static void delete_one(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	struct mac mac;
	int r;

	if (!read_mac(rp, request_param(rq, "mac"), &mac))
		return;
	r = fingerprints_delete(api->fingerprints, &mac, 1);
	if (!reply_refused(rp, r == 0 ? ERR_NOT_FOUND : r))
		api_done(rq, rp, "Fingerprint deleted");
}

static const struct json_in *need_fingerprints(struct request *rq, struct reply *rp)
{
	const struct json_in *list = json_in_get(request_command(rq), "fingerprints");

	if (json_in_is_list(list) && json_in_count(list) <= MACS_MAX)
		return list;
	reply_error(rp, 400, "Invalid request: expected the list 'fingerprints' in the command, at most %d.", MACS_MAX);
	return NULL;
}

static void bulk_insert(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	const struct json_in *list = need_fingerprints(rq, rp);
	cleanup_free struct fingerprint *items = NULL;
	uint32_t n;

	if (!list)
		return;
	n = (uint32_t) json_in_count(list);
	items = xnew(struct fingerprint, n ? n : 1);
	for (uint32_t i = 0; i < n; i++)
		if (!read_fingerprint(rp, json_in_at(list, i), &items[i]))
			return;
	if (!reply_refused(rp, fingerprints_insert(api->fingerprints, items, n)))
		api_done(rq, rp, "Inserted %u fingerprints", n);
}

static void bulk_delete(struct request *rq, struct reply *rp)
{
	struct api *api = request_context(rq);
	const struct json_in *list = need_fingerprints(rq, rp);
	cleanup_free struct mac *macs = NULL;
	uint32_t n;
	int r;

	if (!list)
		return;
	n = (uint32_t) json_in_count(list);
	macs = xnew(struct mac, n ? n : 1);
	for (uint32_t i = 0; i < n; i++)
		if (!read_mac(rp, json_in_text(json_in_at(list, i)), &macs[i]))
			return;
	r = fingerprints_delete(api->fingerprints, macs, n);
	if (!reply_refused(rp, r))
		api_done(rq, rp, "Erased %d fingerprints", r);
}

#define BASE "/phy/phy80211/fingerprints/whitelist/"
#define COMMAND(path_, handler, doc_, ...)                                                                             \
	{                                                                                                              \
		.methods = METHOD_POST, .path = BASE path_, .formats = "cmd,json", .right = RIGHT_ADMIN,               \
		.handle = (handler), .record = &api_done_table, .doc = (doc_), .shape = SHAPE_RECORD,                  \
		.flags = ROUTE_COMMAND | ROUTE_WORK,                                                                   \
		.refusals = {{400, "there is already a fingerprint of that address, or the limit "                     \
				   "(norn_max_fingerprints) is reached"},                                              \
			     {404, "no fingerprint has that address"},                                                 \
			     {500, "it was changed, but could not be saved for the next run"}},                        \
		##__VA_ARGS__                                                                                          \
	}
/* clang-format off */
#define HASH_ARGUMENTS \
	{.name = "beacon_hash", .type = ARGUMENT_WHOLE, .doc = "Hash of the elements of beacons."}, \
	{.name = "probe_hash", .type = ARGUMENT_WHOLE, .doc = "Hash of the elements of probe requests."}, \
	{.name = "response_hash", .type = ARGUMENT_WHOLE, .doc = "Hash of the elements of probe responses."}
/* clang-format on */
/* clang-format off */
static const struct argument hash_arguments[] = {
	HASH_ARGUMENTS,
	{.name = NULL},
};
/* clang-format on */
/* clang-format off */
static const struct argument insert_arguments[] = {
	{.name = "macaddr", .type = ARGUMENT_NAME, .needed = true, .doc = "Address of the device."},
	HASH_ARGUMENTS,
	{.name = NULL},
};
/* clang-format on */
/* clang-format off */
static const struct argument bulk_arguments[] = {
	{.name = "fingerprints", .type = ARGUMENT_LIST, .needed = true,
	 .doc = "Fingerprints as new/insert takes one."},
	{.name = NULL},
};
/* clang-format on */
/* clang-format off */
static const struct argument bulk_delete_arguments[] = {
	{.name = "fingerprints", .type = ARGUMENT_LIST, .needed = true, .doc = "Addresses of devices."},
	{.name = NULL},
};
/* clang-format on */
/* clang-format off */
static const struct route routes[] = {
	{.methods = METHOD_BOTH, .path = BASE "all_fingerprints", .formats = "*", .right = RIGHT_READ,
	 .handle = all_fingerprints, .record = &fingerprint_table, .shape = SHAPE_LIST,
	 .doc = "The fingerprints of the whitelist."},
	COMMAND("new/insert", insert, "Adds a fingerprint.", .arguments = insert_arguments),
	COMMAND("by-mac/{mac}/update", update, "Changes the hashes of a fingerprint that it names.", .arguments = hash_arguments),
	COMMAND("by-mac/{mac}/delete", delete_one, "Removes a fingerprint."),
	COMMAND("bulk/insert", bulk_insert, "Adds several fingerprints, all or none.", .arguments = bulk_arguments),
	COMMAND("bulk/delete", bulk_delete, "Removes those of several fingerprints that are there.", .arguments = bulk_delete_arguments),
};
/* clang-format on */
const struct route_table api_fingerprint_routes = {.routes = routes, .n = ARRAY_SIZE(routes)};
