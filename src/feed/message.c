#include "feed/message.h"

#include <pthread.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/limit.h"
#include "base/mem.h"
#include "feed/events.h"

struct message_bus {
	pthread_mutex_t lock;
	uint64_t posted;
	uint64_t size, shown; /* kept, and of those shown */
	struct message *ring;
	struct events *events;
};

static const struct field message_rows[] = {
	FIELD(struct message, "kismet.messagebus.message_string", text, "Text of the message."),
	FIELD(struct message, "kismet.messagebus.message_flags", flags,
	      "Bits: debug 1, info 2, error 4, alert 8, fatal 16, print 32."),
	FIELD(struct message, "kismet.messagebus.message_time", time, "Second it was posted."),
};
struct field_table message_fields = FIELD_TABLE(struct message, "message", message_rows);

struct message_bus *message_bus_create(void)
{
	struct message_bus *bus = xnew(struct message_bus, 1);

	pthread_mutex_init(&bus->lock, NULL);
	bus->shown = limit_of(LIMIT_MESSAGES);
	bus->size = bus->shown > MESSAGES_KEPT ? bus->shown : MESSAGES_KEPT;
	bus->ring = xnew(struct message, bus->size);
	return bus;
}

void message_bus_destroy(struct message_bus *bus)
{
	if (!bus)
		return;
	pthread_mutex_destroy(&bus->lock);
	free(bus->ring);
	free(bus);
}

void message_bus_events(struct message_bus *bus, struct events *events)
{
	bus->events = events;
}

void message_post(struct message_bus *bus, int32_t flags, const char *text)
{
	uint64_t now = clock_server_sec();
	struct message *m, copy;

	pthread_mutex_lock(&bus->lock);
	m = &bus->ring[bus->posted % bus->size];
	(void) snprintf(m->text, sizeof(m->text), "%s", text);
	m->flags = flags;
	m->time = now;
	m->number = ++bus->posted;
	copy = *m;
	pthread_mutex_unlock(&bus->lock);
	events_publish(bus->events, EVENT_MESSAGE, &message_fields, &copy);
}

size_t message_copy(struct message_bus *bus, uint64_t since, struct message *ret)
{
	size_t n = 0;

	pthread_mutex_lock(&bus->lock);
	for (uint64_t i = bus->posted > bus->shown ? bus->posted - bus->shown : 0; i < bus->posted; i++)
		if (bus->ring[i % bus->size].time >= since)
			ret[n++] = bus->ring[i % bus->size];
	pthread_mutex_unlock(&bus->lock);
	return n;
}

size_t message_after(struct message_bus *bus, uint64_t number, struct message *ret, size_t max)
{
	uint64_t i;
	size_t n = 0;

	pthread_mutex_lock(&bus->lock);
	i = bus->posted > bus->size ? bus->posted - bus->size : 0;
	for (i = i > number ? i : number; i < bus->posted && n < max; i++)
		ret[n++] = bus->ring[i % bus->size];
	pthread_mutex_unlock(&bus->lock);
	return n;
}
