/* The program while it runs: what start and stop, the packet's way and the settings share. */
#pragma once
#include <pthread.h>

#include "api/api.h"
#include "app/arguments.h"
#include "app/conf.h"
#include "deliver/deliver.h"
#include "detect/detector.h"
#include "store/log/resume.h"

struct app {
	struct arguments arguments;
	struct app_conf conf;
	struct api api;
	struct serve *serve;
	struct message_bus *messages;
	struct alerts *alerts;
	struct detector *detector;
	struct delivery *delivery;
	const struct route_table **routes; /* ours and plugins' */
	char *annotations_path;
	char *web;                                  /* folder of the web interface */
	pthread_mutex_t annotations_lock;           /* the file is written by one at a time */
	_Atomic(const char *) metagps[SOURCES_MAX]; /* of sources that have positions of their own */
	_Atomic bool live;                          /* a live source was opened: it cannot wait for logs */
	struct {
		uint64_t by_sources, by_logs, by_readers; /* packets that were reported as lost */
		uint32_t lost_sec, waits_sec;             /* server second of the last report */
	} overload;
	struct resume_result resumed; /* when is_resumed */
	bool is_resumed;
	bool kept;        /* the state folder can be written */
	char *setup_file; /* where the token of the first login is */
};
