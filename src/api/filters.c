/* Filters: what the kismetdb leaves out, and commands that change it. */
#include <stdlib.h>
#include <string.h>

#include "api/api.h"
#include "api/write.h"
#include "base/err.h"
#include "base/mem.h"
#include "phy/phys.h"
#include "serve/argument.h"
#include "serve/reply.h"
#include "serve/request.h"
#include "serve/route.h"

#define RULES_MAX 4096 /* of a command */

/* The filter that the path names; replies 404. */
static struct log_filter *filter_of(struct request *rq, struct reply *rp, bool is_packet)
{
	struct api *api = request_context(rq);
	struct log_filter *f = is_packet ? api->packet_filter : api->device_filter;

	if (strcmp(request_param(rq, "id"), log_filter_id(f)) == 0)
		return f;
	reply_error(rp, 404, "There is no such filter; there is '%s'.", log_filter_id(f));
	return NULL;
}

static void write_filter(struct request *rq, struct reply *rp, struct log_filter *f, bool is_packet)
{
	struct log_filter_record r;
	struct arena arena = {0};

	log_filter_copy(f, &arena, &r);
	api_write_record(rq, rp, is_packet ? &log_packet_filter_table : &log_class_filter_table, &r);
	arena_finish(&arena);
}

static void show(struct request *rq, struct reply *rp, bool is_packet)
{
	struct log_filter *f = filter_of(rq, rp, is_packet);

	if (f)
		write_filter(rq, rp, f, is_packet);
}

static bool read_term(const struct json_in *v, bool *ret_out)
{
	const char *text = json_in_text(v);
	double number;

	if (text && log_filter_term(text, ret_out) >= 0)
		return true;
	if (!text && json_in_real(v, &number)) {
		*ret_out = number != 0;
		return true;
	}
	if (text || !json_in_is_truth(v))
		return false;
	*ret_out = json_in_truth(v);
	return true;
}

#define TERMS "true, reject, deny, filter or block to leave out, or false, allow, pass or accept to keep"

static void set_default(struct request *rq, struct reply *rp, bool is_packet)
{
	struct log_filter *f = filter_of(rq, rp, is_packet);
	bool out;

	if (!f)
		return;
	if (!read_term(json_in_get(request_command(rq), "default"), &out)) {
		reply_error(rp, 400, "Invalid request: 'default' is " TERMS ".");
		return;
	}
	log_filter_set_default(f, out);
	write_filter(rq, rp, f, is_packet);
}

/* The phy and the block of the path; replies 404. */
static bool read_scope(struct request *rq, struct reply *rp, bool is_packet, struct log_filter_rule *ret)
{
	int phy = phys_number(request_param(rq, "phyname")),
	    block = is_packet ? log_filter_block(request_param(rq, "block")) : 0;

	if (phy < 0)
		reply_error(rp, 404, "There is no phy '%.64s'.", request_param(rq, "phyname"));
	else if (block < 0)
		reply_error(rp, 404, "A block is source, destination, network, other or any.");
	*ret = (struct log_filter_rule){.phy = (uint8_t) phy, .block = (uint8_t) block};
	return phy >= 0 && block >= 0;
}

static bool read_mac(struct reply *rp, const char *text, struct log_filter_rule *r)
{
	if (text && log_filter_mac(text, &r->mac) >= 0)
		return true;
	reply_error(rp, 400, "Invalid request: '%.64s' is not a MAC address, MAC/MASK or *.", text ? text : "");
	return false;
}

/* The addresses of the command and what they do: an object, or where `listed` also a list or one address.
 * Replies 400. The caller frees. */
static struct log_filter_rule *read_rules(struct reply *rp, const struct json_in *v, bool listed,
					  const struct log_filter_rule *scope, uint32_t *ret_n)
{
	size_t most = json_in_is_object(v) || json_in_is_list(v) ? json_in_count(v) : 1;
	struct log_filter_rule *list = NULL;
	const struct json_in *term;
	const char *name;
	void *cursor = NULL;
	bool good = true;
	uint32_t n = 0;

	if (most > RULES_MAX || (!json_in_is_object(v) && !(listed && v))) {
		reply_error(rp, 400,
			    listed ? "Invalid request: 'filter' is a list of at most %d addresses."
				   : "Invalid request: 'filter' is an object of at most %d addresses.",
			    RULES_MAX);
		return NULL;
	}
	list = xnew(struct log_filter_rule, most + 1);
	while (json_in_is_object(v) && good && (term = json_in_next(v, &cursor, &name)) != NULL) {
		list[n] = *scope;
		good = read_mac(rp, name, &list[n]);
		if (good && !listed && !read_term(term, &list[n].out)) {
			reply_error(rp, 400, "Invalid request: the value of '%.64s' is " TERMS ".", name);
			good = false;
		}
		n++;
	}
	for (size_t i = 0; !json_in_is_object(v) && i < most && good; i++) {
		list[n] = *scope;
		good = read_mac(rp, json_in_text(json_in_is_list(v) ? json_in_at(v, i) : v), &list[n++]);
	}
	*ret_n = n;
	if (!good)
		free(TAKE(list));
	return list;
}

static void set_filter(struct request *rq, struct reply *rp, bool is_packet)
{
	struct log_filter *f = filter_of(rq, rp, is_packet);
	cleanup_free struct log_filter_rule *list = NULL;
	struct log_filter_rule scope;
	uint32_t n = 0;

	if (!f || !read_scope(rq, rp, is_packet, &scope))
		return;
	list = read_rules(rp, json_in_get(request_command(rq), "filter"), false, &scope, &n);
	if (!list)
		return;
	if (log_filter_set(f, list, n) < 0)
		reply_error(rp, 500, "The limit of rules is reached; raise norn_max_log_filters.");
	else
		write_filter(rq, rp, f, is_packet);
}

static void remove_filter(struct request *rq, struct reply *rp, bool is_packet)
{
	struct log_filter *f = filter_of(rq, rp, is_packet);
	const struct json_in *v = json_in_get(request_command(rq), "filter");
	cleanup_free struct log_filter_rule *list = NULL;
	struct log_filter_rule scope;
	uint32_t n = 0;

	if (!f || !read_scope(rq, rp, is_packet, &scope))
		return;
	if (!v)
		v = json_in_get(request_command(rq), "addresses");
	list = read_rules(rp, v, true, &scope, &n);
	if (!list)
		return;
	(void) log_filter_remove(f, list, n);
	write_filter(rq, rp, f, is_packet);
}

/* clang-format off */
#define BOTH_KINDS(what)                                                                          \
	static void class_##what(struct request *rq, struct reply *rp) { what(rq, rp, false); }   \
	static void packet_##what(struct request *rq, struct reply *rp) { what(rq, rp, true); }
/* clang-format on */
BOTH_KINDS(show)
BOTH_KINDS(set_default)
BOTH_KINDS(set_filter)
BOTH_KINDS(remove_filter)

/* clang-format off */
static const struct argument default_arguments[] = {
	{.name = "default", .type = ARGUMENT_ANY, .needed = true,
	 .doc = "Whether what matches no rule is left out: " TERMS "."},
	{.name = NULL},
};
/* clang-format on */
/* clang-format off */
static const struct argument set_arguments[] = {
	{.name = "filter", .type = ARGUMENT_OBJECT, .needed = true, .doc = "By address, MAC/MASK or *: " TERMS "."},
	{.name = NULL},
};
/* clang-format on */
/* clang-format off */
static const struct argument remove_arguments[] = {
	{.name = "filter", .type = ARGUMENT_ANY,
	 .doc = "Addresses whose rules are removed: a list, an object or one address."},
	{.name = "addresses", .type = ARGUMENT_ANY, .doc = "The same by another name."},
	{.name = NULL},
};
/* clang-format on */
#define COMMAND(path_, handler, table, takes, doc_)                                                                    \
	{                                                                                                              \
		.methods = METHOD_POST, .path = (path_), .formats = "cmd,json", .right = RIGHT_ADMIN,                  \
		.handle = (handler), .record = (table), .doc = (doc_), .shape = SHAPE_RECORD, .flags = ROUTE_COMMAND,  \
		.arguments = (takes), .refusals = {                                                                    \
			{404, "there is no such filter, phy or block"},                                                \
			{500, "the limit of rules (norn_max_log_filters) is reached"}                                  \
		}                                                                                                      \
	}
#define CLASS(path, handler, takes, doc)                                                                               \
	COMMAND("/filters/class/{id}/" path, handler, &log_class_filter_table, takes, doc)
#define PACKET(path, handler, takes, doc)                                                                              \
	COMMAND("/filters/packet/{id}/" path, handler, &log_packet_filter_table, takes, doc)
/* clang-format off */
static const struct route routes[] = {
	{.methods = METHOD_BOTH, .path = "/filters/class/{id}/filter", .formats = "*", .right = RIGHT_READ,
	 .handle = class_show, .record = &log_class_filter_table, .shape = SHAPE_RECORD,
	 .refusals = {{404, "there is no such filter"}},
	 .doc = "Which devices the kismetdb leaves out; the id is kismetdb_devices."},
	CLASS("set_default", class_set_default, default_arguments, "Sets whether devices that match no rule are left out."),
	CLASS("{phyname}/set_filter", class_set_filter, set_arguments, "Adds rules for addresses of devices."),
	CLASS("{phyname}/remove_filter", class_remove_filter, remove_arguments, "Removes rules for addresses of devices."),
	{.methods = METHOD_BOTH, .path = "/filters/packet/{id}/filter", .formats = "*", .right = RIGHT_READ,
	 .handle = packet_show, .record = &log_packet_filter_table, .shape = SHAPE_RECORD,
	 .refusals = {{404, "there is no such filter"}},
	 .doc = "Which packets the kismetdb leaves out; the id is kismetdb_packets."},
	PACKET("set_default", packet_set_default, default_arguments, "Sets whether packets that match no rule are left out."),
	PACKET("{phyname}/{block}/set_filter", packet_set_filter, set_arguments, "Adds rules for addresses in packets."),
	PACKET("{phyname}/{block}/remove_filter", packet_remove_filter, remove_arguments, "Removes rules for addresses in packets."),
};
/* clang-format on */
const struct route_table api_filter_routes = {.routes = routes, .n = ARRAY_SIZE(routes)};
