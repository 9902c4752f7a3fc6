/* The row of the 802.11 phy, and what it keeps over all devices. */
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/mem.h"
#include "phy/dot11/apply.h"
#include "phy/dot11/crypt.h"
#include "phy/dot11/fields.h"
#include "phy/dot11/names.h"
#include "phy/dot11/read.h"
#include "phy/dot11/restored.h"
#include "phy/dot11/scan.h"
#include "phy/dot11/show.h"
#include "phy/dot11/space.h"
#include "track/packet_ctx.h"

/* In the order of enum dot11_type. */
static const char *const types[] = {"Wi-Fi AP",  "Wi-Fi Client", "Wi-Fi Bridged", "Wi-Fi Ad-Hoc",
				    "Wi-Fi WDS", "Wi-Fi WDS AP", "Wi-Fi Device",  "Wi-Fi Device (Inferred)",
				    NULL};

static const struct phy_view views[] = {[DOT11_VIEW_ACCESSPOINTS] = {"phydot11_accesspoints", "Wi-Fi access points"},
					{NULL, NULL}};

static bool has_view(const void *state, size_t view)
{
	return view != DOT11_VIEW_ACCESSPOINTS || ((const struct dot11_state *) state)->conf.view_accesspoints;
}

/* Defaults have none. */
static unsigned no_fault(void *ctx, const char *name, const char *value, const char *reason)
{
	(void) ctx, (void) name, (void) value, (void) reason;
	return 0;
}

static void *create(struct tracker *t, const void *conf)
{
	struct dot11_state *s = xnew(struct dot11_state, 1);

	if (conf) {
		s->conf = *(const struct dot11_conf *) conf;
	} else {
		option_table_default(&dot11_options, &s->conf);
		s->own_conf = true;
		(void) dot11_conf_read(&s->conf, no_fault, NULL);
	}
	s->tracker = t;
	if (getrandom(s->secret, sizeof(s->secret), 0) != (ssize_t) sizeof(s->secret))
		abort();
	s->related = related_create();
	s->ssids = s->conf.view_ssids ? ssids_create() : NULL;
	return s;
}

static void destroy(void *state)
{
	struct dot11_state *s = state;

	related_destroy(s->related);
	ssids_destroy(s->ssids);
	if (s->own_conf) {
		dot11_conf_finish(&s->conf);
		option_table_clear(&dot11_options, &s->conf);
	}
	free(s);
}

const struct phy dot11_phy = {
	.name = "IEEE802.11",
	.record_name = "dot11.device",
	.names = dot11_names,
	.record_doc = "What the 802.11 phy knows.",
	.record = &dot11_table,
	.links = {LINKTYPE_IEEE802_11},
	.types = types,
	.views = views,
	.lasting = DEVICE_AP,
	.create = create,
	.destroy = destroy,
	.has_view = has_view,
	.source_space = sizeof(struct dot11_source),
	.fetch = dot11_fetch,
	.dissect = dot11_dissect,
	.apply = dot11_apply,
	.crypt_text = crypt_text,
	.restored = dot11_restored,
	.reports = {"DOT11SCAN"},
	.report = dot11_report,
};
