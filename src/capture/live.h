/* Sources that a capture program feeds: a helper on this machine, or a sensor elsewhere that
 * connected by itself. Each lives on one worker loop, whose thread alone touches the members below
 * the line; the registry's lock is taken for the record only. */
#pragma once
#include <sys/types.h>

#include "capture/doubt.h"
#include "capture/trailer.h"
#include "capture/link.h"
#include "capture/private.h"

#define LIVE_OPEN_SEC 15   /* how long who opens a source waits for it */
#define LIVE_HELLO_SEC 5   /* until a helper has said its version */
#define LIVE_ANSWER_SEC 10 /* until it has answered */
#define LIVE_PING_SEC 5
#define LIVE_SILENT_SEC 15 /* without a sign of life from a sensor */
#define LIVE_LEAVE_MS 2000 /* that sensors have to go when the server stops */
#define LIVE_STUCK_SEC 60  /* from a helper, which a busy machine may stop for a while */
#define LIVE_MESSAGES_A_MINUTE 20
#define LIVE_CHANNEL_SIZE 24

enum live_phase { LIVE_IDLE, LIVE_HELLO, LIVE_PROBING, LIVE_OPENING, LIVE_RUNNING };

/* A command and its answer, under the registry's lock. */
struct live_command {
	bool busy, done, success;
	uint32_t seqno;
	char text[SOURCE_TEXT_SIZE];
};

struct live {
	struct source *source;
	struct loop *loop; /* changed by its own thread and under the lock */
	struct live_command command;
	/* Of the definition, never changed. */
	bool timestamp, typed, fixed_uuid;
	char *add_channels, *block_channels, *channel, *channels;

	/* -- the loop's -- */
	struct link *link;
	struct loop_timer *timer;
	enum live_phase phase;
	uint32_t candidate; /* which driver is asked while the kind is not known */
	const char *binary;
	pid_t pid;
	bool leaving;             /* a sensor that was asked to go */
	bool known;               /* the sink knows the source */
	_Atomic uint64_t seen_us; /* monotonic; others read it */
	uint64_t since_us, pinged_us, minute_us;
	uint32_t messages, messages_hidden;
	uint64_t packets, errors, reports; /* that came */
	uint64_t left_out;                 /* of them, in a pause */
	bool doubts_position;              /* an impossible position of its sensor was reported */
	struct doubt doubt;
	struct trailers trailers;
	struct proto_loss reported, before; /* by the helper that runs, and those before it */
	struct proto_loss start;            /* what the helper had reported to another server before */
	uint64_t counted;                   /* packets of helpers that report losses */
	uint32_t dlt;
};

struct definition;

struct live *live_create(struct source *s, const struct definition *d);
void live_destroy(struct live *l);
/* Starts it; waits so long for the outcome: 0 when it runs, or not waited for. Not on a loop. */
int live_open(struct source *s, uint32_t wait_sec);
/* The same at that monotonic time. */
void live_open_at(struct source *s, uint64_t us);
/* Asks a sensor to go: what it has sent is still read, until it closes. Not on a loop. */
void live_dismiss(struct source *s);
/* Ends it; no packet reaches the sink afterwards. Not on a loop. */
void live_stop(struct source *s);
/* Says why it does not run, and whether it is tried again. */
void live_explain(const struct source *s, char error[SOURCE_TEXT_SIZE]);
/* Takes the link of a sensor and asks it to open; on the source's loop. */
void live_talk(struct live *l, struct link *link);
/* Runs fn(live) on the source's loop and waits. Not on a loop. */
void live_call(struct source *s, loop_fn fn, void *ctx);
/* Asks what feeds it for a sign of life, after which seen_us grows. Any thread. */
void live_ask(struct source *s);
/* Ends what runs, with an error. The loop. */
void live_fail(struct live *l, const char *reason);

/* For live_message.c. The loop. */
void live_set_phase(struct live *l, enum live_phase phase);
/* Sends a request that bears the definition. */
void live_request(struct live *l, uint32_t type, enum live_phase phase);
/* Starts the next program that could know the interface. */
void live_try_next(struct live *l);
/* The other side has closed, on purpose or not. */
void live_lose(struct live *l, const char *reason);
