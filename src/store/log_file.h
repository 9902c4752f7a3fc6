/* One kind of log file: what a class does, for store's own files. All on the log's thread. */
#pragma once
#include "store/logs.h"

struct log_kind {
	struct log_driver driver;
	const char *suffix;
	/* The file's own state, or NULL with a sentence. */
	void *(*open)(const char *path, const struct log_conf *conf, const struct log_rooms *rooms,
		      char ret_error[256]);
	bool (*packet)(void *file, const struct packet_summary *s, const uint8_t *data);
	void (*tick)(void *file, uint32_t server_sec); /* about once a second */
	void (*close)(void *file);
};
extern const struct log_kind log_pcapng, log_kismetdb;
