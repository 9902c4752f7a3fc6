/* One kind of log file: what a class does, for store's own files. All on the log's thread. */
#pragma once
#include "store/log/logs.h"

enum log_took { LOG_FAILED, LOG_LEFT_OUT, LOG_WRITTEN };

struct log_kind {
	struct log_driver driver;
	const char *suffix;
	enum log_class id;
	const struct log_writer *writer; /* of LOG_CLASS_OTHER, which has no open(); else NULL */
	/* The file's own state, or NULL with a sentence. since_sec: what is older is in an earlier file. */
	void *(*open)(const char *path, uint32_t since_sec, const struct log_conf *conf, const struct log_rooms *rooms,
		      char ret_error[256]);
	/* Says which file in its folder comes before this one; NULL: classes whose files do not care. */
	void (*continues)(void *file, const char *path);
	/* After LOG_FAILED, and false from the others, only close() is called. */
	enum log_took (*packet)(void *file, const struct packet_summary *s, const uint8_t *data);
	bool (*sync)(void *file);                      /* twice a second: what it holds goes to the disk */
	bool (*tick)(void *file, uint32_t server_sec); /* about once a second: what is not packets */
	/* NULL: what is written stays. Sets the position of packets of a time span that have none. */
	bool (*fill_positions)(void *file, const struct gps_gap *gap);
	uint64_t (*bytes)(void *file);        /* about how large it is */
	void (*close)(void *file, bool good); /* not good: it cannot be written any more */
};
extern const struct log_kind log_pcapng, log_kismetdb, log_ppi, log_wiglecsv;
