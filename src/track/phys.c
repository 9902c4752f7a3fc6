#include "track/phys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "track/device_fields.h"
#include "track/device_names.h"
#include "track/model.h"
#include "track/views.h"

static const char *names[PHYS_MAX]; /* of all that were added, by number */

const char *tracker_added_phy(uint8_t number)
{
	return number < PHYS_MAX ? names[number] : NULL;
}

void *tracker_phy_state(const struct tracker *t, uint8_t phy)
{
	return phy < PHYS_MAX ? t->phy[phy].state : NULL;
}

/* A getter of device rows knows nothing but the device: there is one for each number. */
#define PART(n)                                                                                                        \
	static const void *part_##n(const void *obj, struct field_ctx *ctx)                                            \
	{                                                                                                              \
		(void) ctx;                                                                                            \
		return device_part(obj, n);                                                                            \
	}
/* clang-format off */
#define PARTS(X) \
	X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) \
	X(11) X(12) X(13) X(14) X(15) X(16) X(17) X(18) X(19) X(20) \
	X(21) X(22) X(23) X(24) X(25) X(26) X(27) X(28) X(29) X(30)
/* clang-format on */
PARTS(PART)
#define PART_NAME(n) part_##n,
static const void *(*const parts[PHYS_MAX])(const void *obj, struct field_ctx *ctx) = {PARTS(PART_NAME)};

/* What the device's rows show of the phy. */
static void add_record(const struct phy *phy, uint8_t number)
{
	const struct field row = FIELD_CALL_OBJECT(phy->record_name, parts[number], phy->record, phy->record_doc);

	if (device_add_part(number, phy->record))
		device_add_row(&row);
}

static bool links_are_taken(const struct tracker *t, const struct phy *phy)
{
	for (size_t i = 0; i < PHY_LINKS_MAX && phy->links[i]; i++)
		if (phy->links[i] >= LINKTYPES || t->phy_of_link[phy->links[i]])
			return true;
	return false;
}

static int add_phy(struct tracker *t, const struct phy *phy)
{
	char id[64], text[96];
	struct model_phy *m = &t->phy[t->phys.count];
	uint8_t number = t->phys.count;

	if (number == PHYS_MAX)
		return ERR_LIMIT;
	for (uint8_t i = 0; i < number; i++)
		if (strcmp(t->phys.name[i], phy->name) == 0)
			return ERR_EXISTS;
	if (links_are_taken(t, phy))
		return ERR_EXISTS;
	(void) snprintf(id, sizeof(id), "phy-%.40s", phy->name);
	(void) snprintf(text, sizeof(text), "%.40s devices", phy->name);
	*m = (struct model_phy){.row = *phy, .number = number, .hash = key_phy_hash(phy->name)};
	m->view = (int8_t) views_add(t, id, text, false);
	m->first_type = phy->types ? device_add_types(phy->types) : 0;
	device_add_crypt(number, phy->crypt_text);
	t->lasting[number] = phy->lasting;
	if (phy->create)
		m->state = phy->create(t, number < TRACK_PHYS_CONF ? t->conf.phy_conf[number] : NULL);
	for (size_t i = 0; i < PHY_LINKS_MAX && phy->links[i]; i++)
		t->phy_of_link[phy->links[i]] = (uint8_t) (number + 1);
	if (phy->record)
		add_record(phy, number);
	if (phy->names)
		query_names_add(&device_query, phy->names);
	t->phys.name[number] = names[number] = phy->name;
	t->phys.count++;
	return number;
}

static void add_views(struct tracker *t, struct model_phy *m)
{
	const struct phy_view *v = m->row.views;

	memset(m->views, -1, sizeof(m->views));
	for (size_t i = 0; v && v[i].id && i < PHY_VIEWS_MAX; i++)
		if (!m->row.has_view || m->row.has_view(m->state, i))
			m->views[i] = (int8_t) views_add(t, v[i].id, v[i].description, true);
}

int tracker_add_phy(struct tracker *t, const struct phy *phy)
{
	int number = add_phy(t, phy);

	if (number >= 0)
		add_views(t, &t->phy[number]);
	return number;
}

void phys_add(struct tracker *t)
{
	for (const struct phy *const *phy = t->conf.phys; phy && *phy; phy++)
		(void) add_phy(t, *phy);
	for (uint8_t i = 0; i < t->phys.count; i++)
		add_views(t, &t->phy[i]);
}

void phys_remove(struct tracker *t)
{
	for (uint8_t i = 0; i < t->phys.count; i++)
		if (t->phy[i].row.destroy)
			t->phy[i].row.destroy(t->phy[i].state);
}

void phys_source(const struct tracker *t, struct track_source *s)
{
	for (uint8_t i = 0; i < t->phys.count; i++)
		if (t->phy[i].row.source_space)
			s->of_phy[i] = xalloc(t->phy[i].row.source_space);
}

uint16_t phy_vendor(const struct tracker *t, const struct device *d)
{
	const struct phy *phy = &t->phy[d->phy].row;
	bool reported = phy->has_vendor ? phy->has_vendor(d) : !mac_is_local(&d->key.mac);

	return reported ? vendor_find(t->vendors, &d->key.mac) : 0;
}

static const struct field phy_rows[] = {
	FIELD(struct phy_counts, "kismet.phy.phy_id", id, "Number of the phy in this run."),
	{.name = "kismet.phy.phy_name",
	 .doc = "Name of the phy.",
	 .kind = FIELD_STRING,
	 .flags = FIELD_VIEW,
	 .offset = offsetof(struct phy_counts, name)},
	FIELD(struct phy_counts, "kismet.phy.device_count", devices, "Devices of the phy."),
	FIELD(struct phy_counts, "kismet.phy.packet_count", packets, "Packets of the phy."),
};
struct field_table phy_table = FIELD_TABLE(struct phy_counts, "phy", phy_rows);

static uint64_t count_packets(struct tracker *t, uint32_t phy)
{
	uint64_t packets = 0;

	for (size_t i = 0; i < TRACK_SOURCES_MAX; i++) {
		struct track_source *s = atomic_load(&t->sources[i]);

		packets += s ? s->phy_packets[phy] : 0;
	}
	return packets;
}

uint32_t tracker_phys(struct tracker *t, struct phy_counts *ret_phys, uint32_t max)
{
	uint32_t n = 0;

	for (; n < t->phys.count && n < max; n++)
		ret_phys[n] = (struct phy_counts){.name = t->phys.name[n],
						  .id = n,
						  .devices = count_view(t, (uint32_t) t->phy[n].view),
						  .packets = count_packets(t, n)};
	return n;
}
