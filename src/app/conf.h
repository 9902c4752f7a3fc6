/* The configuration of the server: every room's, with the options that are set in it. A room adds its header, the
 * member of its struct, and a row of its table. */
#pragma once
#include "api/options.h"
#include "app/options.h"
#include "capture/options.h"
#include "conf/limits.h"
#include "conf/options.h"
#include "deliver/options.h"
#include "detect/options.h"
#include "locate/options.h"
#include "phy/adsb/options.h"
#include "phy/bluetooth/options.h"
#include "phy/dot11/options.h"
#include "phy/uav/options.h"
#include "serve/options.h"
#include "store/archive/options.h"
#include "store/log/options.h"
#include "track/options.h"

/* clang-format off */
/* The member that holds a table's values, and the table, in the order of the sample file. */
#define APP_CONF_TABLES(X) \
	X(api, api_server_options) \
	X(server, server_options) \
	X(serve, serve_options) \
	X(api, api_httpd_options) \
	X(capture, capture_options) \
	X(track, track_options) \
	X(dot11, dot11_options) \
	X(btle, btle_options) \
	X(adsb, adsb_options) \
	X(uav, uav_options) \
	X(logs, log_options) \
	X(archive, archive_options) \
	X(locate, locate_options) \
	X(detector, detector_options) \
	X(delivery, delivery_options) \
	X(limits, limits_options)
/* clang-format on */
#define X(member, table) +1
enum { APP_CONF_TABLE_COUNT = 0 APP_CONF_TABLES(X) };
#undef X

struct app_conf {
	struct server_conf server;
	struct api_conf api;
	struct serve_conf serve;
	struct capture_conf capture;
	struct track_conf track;
	struct dot11_conf dot11;
	struct btle_conf btle;
	struct adsb_conf adsb;
	struct uav_conf uav;
	struct log_conf logs;
	struct archive_conf archive;
	struct locate_conf locate;
	struct detector_conf detector;
	struct delivery_conf delivery;
	struct limits_conf limits;
	struct option_section sections[APP_CONF_TABLE_COUNT];
	struct options options; /* all of these */
};

/* The i-th table, in the order of the sample file, and how large the member is that it speaks of; NULL behind the
 * last. */
const struct option_table *app_conf_table(size_t i, size_t *ret_size);
/* Every option has its default. It must not be moved afterwards; options_finish(&c->options) frees what it holds. */
void app_conf_default(struct app_conf *c);
