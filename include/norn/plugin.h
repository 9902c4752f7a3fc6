/* The window that native plugins have on norn. A plugin is a shared object that exports
 *
 *	const struct norn_plugin norn_plugin = {NORN_PLUGIN_API, "hello", "what it does", start, stop};
 *
 * It is trusted code: it runs in the server's process. Everything of the server is an opaque handle;
 * devices are read by field paths, as requests name them. Members are only ever added at the end of
 * struct norn_host; a plugin that needs a newer one looks at `size` first. */
#ifndef NORN_PLUGIN_H
#define NORN_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#define NORN_PLUGIN_API 1 /* changes when what is here changes; other versions are refused */

struct norn_self;    /* the plugin, as the server knows it */
struct norn_request; /* lives until the route's function returns */
struct norn_packet;  /* lives until the packet handler returns */

/* Answers a request; any thread, several at a time. It must not wait. */
typedef void (*norn_route_fn)(void *ctx, struct norn_request *request);
/* Sees each packet after the devices have learnt from it; on its source's thread, several at a time. */
typedef void (*norn_packet_fn)(void *ctx, const struct norn_packet *packet);

/* A class of logs: its files are opened and closed through /logging/ and by log_types=. What is called runs on the
 * log's own thread, one at a time for each file, and may wait for the disk. The struct lives as long as the plugin. */
struct norn_log {
	const char *log_class;   /* a word of at most 23 letters, digits, - and _; also the suffix of its files */
	const char *description; /* one sentence */
	void *(*open)(void *ctx, const char *path); /* the file's own state; NULL: it cannot be made */
	/* More than 0: it is written, 0: it is left out, negative: the file cannot be written any more; it is
	 * closed, and another is tried a little later. */
	int (*packet)(void *file, const struct norn_packet *packet);
	int (*sync)(void *file); /* what it holds goes to the disk: twice a second; negative as above; may be NULL */
	void (*close)(void *file);
};
/* The addresses of a packet, as far as it was dissected. */
enum norn_address { NORN_TRANSMITTER, NORN_SENDER, NORN_DESTINATION, NORN_NETWORK };

struct norn_observation; /* what a packet says of its sender; lives until read() returns */
enum norn_kind { NORN_INTEGER, NORN_REAL, NORN_TEXT };
struct norn_field {
	const char *name; /* as published, such as "toybox.loudness"; it never changes once it is known */
	enum norn_kind kind;
	const char *sentence;
};
/* A kind of radio: who sends packets of its link types becomes a device of it, with a record of its fields that paths
 * name (RECORD/FIELD). Structs and texts live as long as the plugin. */
struct norn_phy {
	const char *name;              /* "Toybox"; its view is phy-Toybox */
	const char *record, *sentence; /* "toybox.device", and one sentence on what it holds */
	const struct norn_field *fields;
	size_t n_fields;            /* at most 32 */
	const unsigned *link_types; /* as on tcpdump.org's list, that no other phy has */
	size_t n_link_types;        /* at most 6 */
	int repeats;                /* not 0: its senders send the same octets again and again, which is no duplicate */
	/* Reads a packet and passes on what it says through the observation_ functions: at least the transmitter's
	 * address, or there is no device. Negative: it cannot be read. On its source's thread, several at a time; it
	 * must not wait. */
	int (*read)(void *ctx, const struct norn_packet *packet, struct norn_observation *observation);
};

/* What the server does for plugins. Functions return 0 or more when it went well, negative otherwise;
 * those of the first group are for start() only, the others for any thread at any time. */
struct norn_host {
	size_t size; /* of this struct */

	/* A path such as "/plugin-hello/count" that is answered as PATH.json; every reader may ask for it. */
	int (*add_route)(struct norn_self *self, const char *path, const char *sentence, norn_route_fn fn, void *ctx);
	int (*on_packet)(struct norn_self *self, norn_packet_fn fn, void *ctx);
	/* The alert's number. Severities: 0 info, 5 low, 10 medium, 15 high, 20 critical; it is raised at
	 * most 10 times a minute and once a second unless alert= says otherwise. */
	int (*add_alert)(struct norn_self *self, const char *name, int severity, const char *sentence);

	void (*message)(struct norn_self *self, const char *text);
	int (*raise_alert)(struct norn_self *self, int alert, const char *text);
	/* Writes the first value that the path names in the device with that key, as JSON, NUL-terminated; returns its
	 * octets, negative when there is no such device or value, or no room. */
	int (*device_value)(struct norn_self *self, const char *key, const char *path, char *json, size_t size);

	const char *(*request_variable)(struct norn_request *request, const char *name); /* NULL: none */
	void (*reply_status)(struct norn_request *request, unsigned status);
	void (*reply_add)(struct norn_request *request, const char *text, size_t n);

	const void *(*packet_octets)(const struct norn_packet *packet, size_t *n);
	uint64_t (*packet_time_us)(const struct norn_packet *packet);
	unsigned (*packet_linktype)(const struct norn_packet *packet); /* as on tcpdump.org's list */
	/* 1 when it has a signal, in dBm, else 0. */
	int (*packet_signal)(const struct norn_packet *packet, int *dbm);

	/* Further ones for start(). A view's definition is as that of view= in norn.conf(5),
	 * NAME:FIELD PATH=EXPRESSION; its devices are at /devices/views/NAME/devices.json. */
	int (*add_view)(struct norn_self *self, const char *definition, const char *sentence);
	int (*add_log)(struct norn_self *self, const struct norn_log *log, void *ctx);

	int (*add_phy)(struct norn_self *self, const struct norn_phy *phy, void *ctx);

	/* For a phy's read(). Fields are numbered from 0, as in its list; texts are cut at 255 octets. */
	const void *(*observation_frame)(const struct norn_observation *observation,
					 size_t *n); /* without radio header and checksum */
	void (*observation_address)(struct norn_observation *observation, enum norn_address which,
				    const unsigned char address[6]);
	void (*observation_integer)(struct norn_observation *observation, unsigned field, int64_t value);
	void (*observation_real)(struct norn_observation *observation, unsigned field, double value);
	void (*observation_text)(struct norn_observation *observation, unsigned field, const char *text, size_t n);
	void (*observation_name)(struct norn_observation *observation, const char *text,
				 size_t n); /* what the device calls itself */

	/* Further ones of packets. */
	uint32_t (*packet_length)(const struct norn_packet *packet); /* octets on the air */
	uint32_t (*packet_khz)(const struct norn_packet *packet);    /* 0: unknown */
	/* "AA:BB:CC:DD:EE:FF", all 00 when it has none. */
	void (*packet_address)(const struct norn_packet *packet, enum norn_address which, char ret_text[18]);
};

struct norn_plugin {
	uint32_t api; /* NORN_PLUGIN_API */
	const char *name, *description;
	/* Negative: the plugin does not want to run. One thread, before the first source opens. */
	int (*start)(const struct norn_host *host, struct norn_self *self);
	void (*stop)(void); /* may be NULL; after the last request and packet */
};

#endif
