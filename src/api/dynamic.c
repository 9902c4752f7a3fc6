/* Modules that Kismet's own pages load: one for each kind of device, and those of plugins. */
#include <string.h>

#include "api/api.h"
#include "base/json_out.h"
#include "base/mem.h"
#include "plugin/plugin.h"
#include "serve/reply.h"
#include "serve/request.h"
#include "serve/route.h"

/* The pages that have a module, by their release. */
enum page { PAGE_2019 = 1, PAGE_2025 = 2, PAGE_ANY = 3 };

/* kismet_ui_NAME in js/kismet.ui.NAME.js, in the order in which they are loaded. */
static const struct module {
	const char *name;
	enum page pages;
} modules[] = {
	{"dot11", PAGE_ANY},     {"datasources", PAGE_ANY}, {"bluetooth", PAGE_ANY}, {"btle", PAGE_ANY},
	{"802_15_4", PAGE_2025}, {"adsb", PAGE_2025},       {"meter", PAGE_2025},    {"radiation", PAGE_2025},
	{"sensor", PAGE_2025},   {"rtl433", PAGE_2019},     {"rtladsb", PAGE_2019},  {"rtlamr", PAGE_2019},
	{"uav", PAGE_ANY},       {"zwave", PAGE_ANY},
};

static bool is_identifier(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!(p[i] == '_' || (p[i] >= 'a' && p[i] <= 'z') || (p[i] >= 'A' && p[i] <= 'Z') ||
		      (i && p[i] >= '0' && p[i] <= '9')))
			return false;
	return n > 0;
}

/* "MODULE,/PATH" of a plugin's manifest (js=); false for a path within the plugin, which norn's own pages load. */
static bool module_of(const struct plugin_record *r, char ret_name[64], const char **ret_path)
{
	const char *comma = strchr(r->jsmodule, ',');
	size_t n = comma ? (size_t) (comma - r->jsmodule) : 0;

	if (!is_identifier(r->jsmodule, n) || n >= 64)
		return false;
	memcpy(ret_name, r->jsmodule, n);
	ret_name[n] = '\0';
	comma += 1 + strspn(comma + 1, " ");
	*ret_path = comma + strspn(comma, "/");
	return *comma == '/' && **ret_path;
}

/* Calls for each module of pages of that release, then for those of plugins. */
static void each(const struct api *api, enum page page, struct buf *out,
		 void (*write)(struct buf *out, const char *name, const char *path))
{
	const struct plugin_record *records;
	uint32_t n = plugins_records(api->plugins, &records);
	char name[64], file[96];
	const char *path;

	for (size_t i = 0; i < ARRAY_SIZE(modules); i++) {
		if (!(modules[i].pages & page))
			continue;
		(void) snprintf(name, sizeof(name), "kismet_ui_%s", modules[i].name);
		(void) snprintf(file, sizeof(file), "js/kismet.ui.%s.js", modules[i].name);
		write(out, name, file);
	}
	for (uint32_t i = 0; i < n; i++)
		if (module_of(&records[i], name, &path))
			write(out, name, path);
}

static void write_entry(struct buf *out, const char *name, const char *path)
{
	buf_printf(out, "%s{\"module\":\"%s\",\"js\":", out->p[out->len - 1] == '[' ? "" : ",", name);
	json_text(out, path, strlen(path));
	buf_char(out, '}');
}

static void dynamic_json(struct request *rq, struct reply *rp)
{
	struct buf *out = reply_buf(rp);

	reply_type(rp, "application/json");
	buf_str(out, "{\"dynamicjs\":[");
	each(request_context(rq), PAGE_2019, out, write_entry);
	buf_str(out, "]}");
}

static void write_variable(struct buf *out, const char *name, const char *path)
{
	(void) path;
	buf_printf(out, "var %s;\n", name);
}

/* A module that cannot be loaded does not stop the others. */
static void write_import(struct buf *out, const char *name, const char *path)
{
	buf_printf(out, "  await import(local_uri_prefix + ");
	json_text(out, path, strlen(path));
	buf_printf(out, ").then((m) => { %s = m; }, (e) => console.warn(e));\n", name);
}

static void dynamic_js(struct request *rq, struct reply *rp)
{
	struct buf *out = reply_buf(rp);

	reply_type(rp, "application/javascript");
	buf_str(out, "var local_uri_prefix = typeof KISMET_URI_PREFIX === 'undefined' ? './' : KISMET_URI_PREFIX;\n");
	each(request_context(rq), PAGE_2025, out, write_variable);
	buf_str(out, "async function load_dynamics() {\n");
	each(request_context(rq), PAGE_2025, out, write_import);
	buf_str(out, "}\n");
}

/* clang-format off */
static const struct route routes[] = {
	{.methods = METHOD_GET, .path = "/dynamic.json", .right = RIGHT_OPEN, .handle = dynamic_json,
	 .shape = SHAPE_TEXT,
	 .doc = "Modules that Kismet's pages of 2019 load, and those of plugins."},
	{.methods = METHOD_GET, .path = "/dynamic.js", .right = RIGHT_OPEN, .handle = dynamic_js,
	 .shape = SHAPE_TEXT,
	 .doc = "The same for those of 2025, as a script."},
};
/* clang-format on */
const struct route_table api_dynamic_routes = {.routes = routes, .n = ARRAY_SIZE(routes)};
