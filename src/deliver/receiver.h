/* What kinds of receivers there are; for deliver's own files. */
#pragma once
#include "base/buf.h"
#include "deliver/deliver.h"

#define ERROR_SIZE 256
#define SEND_SEC 10 /* one try takes at most so long */

enum outcome {
	OUTCOME_SENT,
	OUTCOME_LATER,
	OUTCOME_REFUSED, /* and would be again */
};

/* One try at a time, all on the receiver's thread, but give_up(). */
struct receiver_kind {
	const char *name;
	/* A receiver of that text; NULL, and a sentence, when it is none. */
	void *(*create)(const struct delivery_conf *conf, const char *target, char ret_error[ERROR_SIZE]);
	enum outcome (*send)(void *receiver, const struct alert *a, char ret_error[ERROR_SIZE]);
	/* Seconds that it asked to wait, after OUTCOME_LATER; 0: it did not. May be NULL. */
	uint32_t (*pause)(void *receiver);
	/* Ends a try that is under way soon; any thread. May be NULL. */
	void (*give_up)(void *receiver);
	void (*destroy)(void *receiver);
	/* What may be shown of the text. */
	void (*show)(const char *target, char *ret_text, size_t size);
};
extern const struct receiver_kind syslog_kind, webhook_kind;
