#include "phy/dot11/hc22000.h"

#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "base/mem.h"
#include "phy/dot11/handshake.h"
#include "phy/dot11/key_frames.h"
#include "wire/dot11/readers.h"
#include "wire/dot11/summary.h"

#define EAPOL_MOST 256 /* octets of a frame that hashcat takes */
#define MIC_AT 81      /* behind EAPOL's head: descriptor, information, length, counter, nonce, IV, RSC, reserved */

/* The message pair: where the nonces come from, and whose integrity code it is. */
enum pair { PAIR_12 = 0, PAIR_14 = 1, PAIR_32 = 2, PAIR_34 = 5 };

struct writer {
	const struct dot11_device *ap;
	struct buf *out;
	struct mac bssid, client;
	struct ssid name;
	uint64_t crypt; /* that the network's frame shows; 0: nothing */
};

static void put(struct buf *out, const void *octets, size_t n)
{
	const uint8_t *p = octets;

	for (size_t i = 0; i < n; i++)
		buf_printf(out, "%02x", p[i]);
	buf_char(out, '*');
}

/* The version of the descriptor says how the integrity code is made (IEEE 802.11-2020 table 12-10): 0 is of SAE and
 * others, whose keys no passphrase alone makes; 3 is of PSK with SHA-256, and of fast transition, which has other keys.
 */
static bool is_of_passphrase(uint8_t version, uint64_t crypt)
{
	if (version == 3)
		return crypt & CRYPT_BIT(CRYPT_AKM_PSK_SHA256);
	return version != 0 && (crypt == 0 || crypt & CRYPT_BIT(CRYPT_AKM_PSK));
}

static bool dissect(const struct dot11_packet *p, struct frame *ret)
{
	return frame_dissect((struct span){.p = p->data.p, .left = p->data.n}, ret) >= 0;
}

static bool dissect_key(const struct dot11_eapol *e, struct frame *ret)
{
	const struct dot11_packet p = dot11_eapol_packet(e);

	return dissect(&p, ret) && (ret->have & FRAME_HAS_EAPOL);
}

/* What the client chose, by the element in its second message. */
static uint64_t chosen_crypt(struct span key_data, uint64_t otherwise)
{
	struct span data;
	struct rsn rsn;

	if (element_find(key_data, ELEMENT_RSN, &data) && rsn_read(data, &rsn))
		return rsn_crypt(&rsn);
	if (element_find(key_data, ELEMENT_WPA, &data) && wpa_read(data, &rsn))
		return wpa_crypt(&rsn);
	return otherwise;
}

static void begin_line(const struct writer *w, const char *kind, const uint8_t hash[16])
{
	buf_printf(w->out, "WPA*%s*", kind);
	put(w->out, hash, 16);
	put(w->out, w->bssid.b, sizeof(w->bssid.b));
	put(w->out, w->client.b, sizeof(w->client.b));
	put(w->out, w->name.b, w->name.len);
}

static void write_pmkid(const struct writer *w, const uint8_t pmkid[16])
{
	begin_line(w, "01", pmkid);
	buf_str(w->out, "**\n");
}

/* The EAPOL frame as the integrity code is over it: with zeros where it stands. */
static void write_eapol(const struct writer *w, const struct frame *f, struct span nonce, enum pair pair)
{
	uint8_t eapol[EAPOL_MOST], mic[16];
	size_t n = 4u + f->eapol.length;

	if (n > sizeof(eapol) || n > f->payload.left || n < MIC_AT + sizeof(mic) || nonce.left < 32)
		return;
	memcpy(eapol, f->payload.p, n);
	memcpy(mic, eapol + MIC_AT, sizeof(mic));
	memset(eapol + MIC_AT, 0, sizeof(mic));
	begin_line(w, "02", mic);
	put(w->out, nonce.p, 32);
	put(w->out, eapol, n);
	buf_printf(w->out, "%02x\n", pair);
}

static void write_handshake(const struct writer *w, const struct dot11_eapol *frames, const struct handshake *h)
{
	bool second = h->message[2] >= 0, third = h->message[3] >= 0;
	struct frame f, other;

	if (!dissect_key(&frames[handshake_signed(h)], &f) || !dissect_key(&frames[handshake_nonce(h)], &other) ||
	    !is_of_passphrase(f.eapol.info & 7, second ? chosen_crypt(f.eapol.key_data, w->crypt) : w->crypt))
		return;
	write_eapol(w, &f, other.eapol.nonce, second ? third ? PAIR_32 : PAIR_12 : third ? PAIR_34 : PAIR_14);
}

/* True if an earlier second message is of the same nonces: the access point asked again. */
static bool is_asked_again(const struct key_frame *facts, uint32_t n, uint32_t at, const struct handshake *h)
{
	struct handshake earlier;

	for (uint32_t i = 0; i < at; i++)
		if (facts[i].message == 2 && facts[i].nonce_sum == facts[at].nonce_sum &&
		    handshake_at(facts, n, i, &earlier) &&
		    facts[earlier.message[1]].nonce_sum == facts[h->message[1]].nonce_sum)
			return true;
	return false;
}

/* The best handshake; of those that were not confirmed all, since any may be the right one. */
static void write_client(const struct writer *w, const struct dot11_eapol *frames, const struct key_frame *facts,
			 uint32_t n)
{
	struct handshake h;

	if (!handshake_best(facts, n, &h))
		return;
	if (h.proven) {
		write_handshake(w, frames, &h);
		return;
	}
	for (uint32_t i = 0; i < n; i++)
		if (facts[i].message == 2 && handshake_at(facts, n, i, &h) && !is_asked_again(facts, n, i, &h))
			write_handshake(w, frames, &h);
}

static bool write_first_pmkid(const struct writer *w, const struct dot11_eapol *frames, uint32_t n)
{
	struct frame f;

	for (uint32_t i = 0; i < n; i++) {
		if (frames[i].message != 1 || !dissect_key(&frames[i], &f) || !f.eapol.has_pmkid ||
		    !is_of_passphrase(f.eapol.info & 7, w->crypt))
			continue;
		write_pmkid(w, f.eapol.pmkid.p);
		return true;
	}
	return false;
}

/* A PMKID that a client named when it joined. */
static void write_joined(struct writer *w, const struct dot11_packet *packet, const struct mac *client)
{
	static const uint8_t none[16];
	struct span data;
	struct frame f;
	struct rsn rsn;

	if (!packet || !dissect(packet, &f) || f.type != FRAME_MANAGEMENT ||
	    (client && !mac_equal(client, &f.source)) || !frame_find(&f, ELEMENT_RSN, &data) || !rsn_read(data, &rsn) ||
	    !(rsn_crypt(&rsn) & (CRYPT_BIT(CRYPT_AKM_PSK) | CRYPT_BIT(CRYPT_AKM_PSK_SHA256))))
		return;
	w->client = f.source;
	for (size_t i = 0; i + 16 <= rsn.pmkids.left; i += 16)
		if (memcmp(rsn.pmkids.p + i, none, sizeof(none)) != 0)
			write_pmkid(w, rsn.pmkids.p + i);
}

/* Who it is and how it is called, by the frame that is kept with its handshakes. */
static bool begin(struct writer *w, const struct dot11_packet *packet)
{
	struct frame f;

	if (!packet || !dissect(packet, &f) || f.ssid.left == 0 || f.ssid.left > SSID_MAX)
		return false;
	w->bssid = f.bssid;
	w->name.len = (uint8_t) f.ssid.left;
	memcpy(w->name.b, f.ssid.p, w->name.len);
	w->crypt = frame_security(&f).crypt;
	return true;
}

void hc22000_write(const struct dot11_device *ap, const struct mac *client, struct arena *arena, struct buf *out)
{
	struct writer w = {.ap = ap, .out = out};

	if (!ap->keys || !begin(&w, ap->keys->beacon_packet))
		return;
	for (uint32_t i = 0; i < ap->keys->handshakes.count; i++) {
		const struct dot11_handshake *h = &ap->keys->handshakes.items[i];
		const struct field_items keys = dot11_handshake_keys(h, arena);
		struct key_frame *facts;

		if (client && !mac_equal(client, &h->client))
			continue;
		facts = dot11_handshake_facts(h);
		w.client = h->client;
		(void) write_first_pmkid(&w, keys.items, keys.count);
		write_client(&w, keys.items, facts, keys.count);
		free(facts);
	}
	write_joined(&w, ap->keys->pmkid_packet, client);
}
