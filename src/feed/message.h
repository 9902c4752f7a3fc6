/* The message bus: the last lines, as many as LIMIT_MESSAGES says, for its users. */
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "field/field.h"

#define MESSAGE_TEXT_SIZE 512 /* longer texts are cut */

enum message_flag {
	MESSAGE_DEBUG = 1,
	MESSAGE_INFO = 2,
	MESSAGE_ERROR = 4,
	MESSAGE_ALERT = 8,
	MESSAGE_FATAL = 16,
	MESSAGE_PRINT = 32,
};

struct message {
	char text[MESSAGE_TEXT_SIZE];
	int32_t flags;   /* enum message_flag */
	uint64_t time;   /* server second */
	uint64_t number; /* of the message within this run, from 1 */
};

extern struct field_table message_fields;

struct events;
struct message_bus;
struct message_bus *message_bus_create(void);
void message_bus_destroy(struct message_bus *bus);
/* Messages are events too. Before other threads run. */
void message_bus_events(struct message_bus *bus, struct events *events);
/* Any thread. The oldest message goes when the backlog is full. */
void message_post(struct message_bus *bus, int32_t flags, const char *text);
/* Copies messages of server second `since` or later, oldest first; ret has room for
 * LIMIT_MESSAGES. How many there were. Any thread. */
size_t message_copy(struct message_bus *bus, uint64_t since, struct message *ret);
/* Copies those after that number, oldest first, at most max: for logs, which see more than LIMIT_MESSAGES, so that
 * none is missed of MESSAGES_KEPT that come at once. How many. Any thread. */
#define MESSAGES_KEPT 1024
size_t message_after(struct message_bus *bus, uint64_t number, struct message *ret, size_t max);
