#include <norn/plugin.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plugin/phys.h"
#include "base/err.h"
#include "base/mem.h"
#include "plugin/private.h"
#include "track/packet_ctx.h"
#include "track/phys.h"

#define FIELDS_MAX 32
#define TEXT_MAX 255
#define NAME_FIELD FIELDS_MAX /* the device's name, beside the fields of its record */
#define UPDATES (UPDATE_SIGNAL | UPDATE_FREQ | UPDATE_PACKETS | UPDATE_POSITION | UPDATE_SEENBY | UPDATE_CHANNEL)

union value {
	int64_t integer;
	double real;
	char *text;
};

struct plugin_phy {
	const struct norn_phy *says;
	void *ctx;
	struct phy row;
	struct field_table table;
	struct field fields[FIELDS_MAX];
};

/* What a packet says of its sender. */
struct norn_observation {
	const struct packet *packet;
	const struct plugin_phy *phy;
	struct mac address[4];
	uint64_t has; /* bit by field */
	union value values[FIELDS_MAX];
	char text[FIELDS_MAX + 1][TEXT_MAX + 1];
};

static struct plugin_phy *by_link[LINKTYPES];             /* the plugin that registered it; set before packets come */
static _Thread_local struct norn_observation observation; /* of the packet that the thread reads */

static bool has_field(struct norn_observation *s, unsigned field, enum norn_kind kind)
{
	return field < s->phy->says->n_fields && s->phy->says->fields[field].kind == kind;
}

void plugin_observation_address(struct norn_observation *s, enum norn_address which, const unsigned char address[6])
{
	if ((unsigned) which < ARRAY_SIZE(s->address))
		memcpy(&s->address[which], address, sizeof(struct mac));
}

void plugin_observation_integer(struct norn_observation *s, unsigned field, int64_t value)
{
	if (!has_field(s, field, NORN_INTEGER))
		return;
	s->values[field].integer = value;
	s->has |= UINT64_C(1) << field;
}

void plugin_observation_real(struct norn_observation *s, unsigned field, double value)
{
	if (!has_field(s, field, NORN_REAL))
		return;
	s->values[field].real = value;
	s->has |= UINT64_C(1) << field;
}

static void keep_text(struct norn_observation *s, unsigned field, const char *text, size_t n)
{
	n = strnlen(text, n < TEXT_MAX ? n : TEXT_MAX);
	memcpy(s->text[field], text, n);
	s->text[field][n] = '\0';
	s->has |= UINT64_C(1) << field;
}

void plugin_observation_text(struct norn_observation *s, unsigned field, const char *text, size_t n)
{
	if (has_field(s, field, NORN_TEXT))
		keep_text(s, field, text, n);
}

void plugin_observation_name(struct norn_observation *s, const char *text, size_t n)
{
	keep_text(s, NAME_FIELD, text, n);
}

const void *plugin_observation_frame(const struct norn_observation *s, size_t *n)
{
	*n = s->packet->mpdu.left;
	return s->packet->mpdu.p;
}

static int dissect(struct packet *packet, void *space, void *of_source)
{
	const struct plugin_phy *phy = by_link[packet->link];
	struct norn_observation *s = &observation;
	int r;

	(void) space;
	(void) of_source;
	memset(s->address, 0, sizeof(s->address));
	s->has = 0;
	s->packet = packet;
	s->phy = phy;
	r = phy->says->read(phy->ctx, (const void *) packet, s);
	packet->transmitter = s->address[NORN_TRANSMITTER];
	packet->sender = s->address[NORN_SENDER];
	packet->destination = s->address[NORN_DESTINATION];
	packet->bssid = s->address[NORN_NETWORK];
	packet->is_data = false;
	return r;
}

static void put_text(char **to, const char *text)
{
	if (*to && strcmp(*to, text) == 0)
		return;
	free(*to);
	*to = xstrdup(text);
}

static void put_values(const struct norn_observation *s, union value *record)
{
	for (unsigned i = 0; i < s->phy->says->n_fields; i++) {
		if (!(s->has >> i & 1))
			continue;
		if (s->phy->says->fields[i].kind == NORN_TEXT)
			put_text(&record[i].text, s->text[i]);
		else
			record[i] = s->values[i];
	}
}

static void apply(struct packet_ctx *p, struct packet *packet, void *space)
{
	const struct norn_observation *s = &observation;
	const struct mac none = {{0}};
	struct shard *shard;
	struct device *d;
	union value *record;
	uint32_t slot;

	(void) space;
	if (mac_equal(&packet->transmitter, &none))
		return;
	d = device_lock(p, &packet->transmitter, UPDATES, &shard, &slot);
	if (!d)
		return;
	record = device_part(d, p->phy->number);
	if (record)
		put_values(s, record);
	if (s->has >> NAME_FIELD & 1)
		put_text(&d->name, s->text[NAME_FIELD]);
	device_unlock(p, shard, slot);
}

static const uint8_t kinds[] = {[NORN_INTEGER] = FIELD_I64, [NORN_REAL] = FIELD_REAL, [NORN_TEXT] = FIELD_STRING};

static bool is_whole(const struct norn_phy *says)
{
	bool good = says->name && *says->name && says->read && says->n_fields <= FIELDS_MAX &&
		    says->n_link_types <= PHY_LINKS_MAX && (!says->n_fields || (says->record && says->sentence));

	for (size_t i = 0; good && i < says->n_fields; i++)
		good = says->fields[i].name && *says->fields[i].name && says->fields[i].sentence &&
		       (unsigned) says->fields[i].kind < ARRAY_SIZE(kinds);
	for (size_t i = 0; good && i < says->n_link_types; i++)
		good = says->link_types[i] > 0 && says->link_types[i] < LINKTYPES;
	return good;
}

static struct plugin_phy *make(const struct norn_phy *says, void *ctx)
{
	struct plugin_phy *p = xnew(struct plugin_phy, 1);

	p->says = says;
	p->ctx = ctx;
	p->row = (struct phy){
		.name = says->name, .repeats = says->repeats, .dissect = dissect, .apply = apply, .ctx = p};
	for (size_t i = 0; i < says->n_link_types; i++)
		p->row.links[i] = (uint16_t) says->link_types[i];
	for (size_t i = 0; i < says->n_fields; i++)
		p->fields[i] = (struct field){.name = says->fields[i].name,
					      .doc = says->fields[i].sentence,
					      .kind = kinds[says->fields[i].kind],
					      .offset = i * sizeof(union value),
					      .size = sizeof(union value)};
	if (!says->n_fields)
		return p;
	p->table = (struct field_table){.type = says->record,
					.rows = p->fields,
					.n_rows = says->n_fields,
					.size = says->n_fields * sizeof(union value)};
	p->row.record = &p->table;
	p->row.record_name = says->record;
	p->row.record_doc = says->sentence;
	return p;
}

int plugin_add_phy(struct norn_self *self, const struct norn_phy *says, void *ctx)
{
	struct plugins *all = self->all;
	struct plugin_phy *p;
	int r;

	if (!is_whole(says))
		return ERR_MALFORMED;
	if (all->n_phys == PLUGIN_PHYS_MAX)
		return ERR_LIMIT;
	p = make(says, ctx);
	r = tracker_add_phy(all->rooms.tracker, &p->row);
	if (r < 0) {
		free(p);
		return r;
	}
	for (size_t i = 0; i < says->n_link_types; i++)
		by_link[says->link_types[i]] = p;
	all->phys[all->n_phys++] = p;
	return 0;
}
