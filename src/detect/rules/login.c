/* Logins: WPS, EAP and SAE, and how stations join. */
#include "detect/rules/functions.h"

#include <string.h>

#include "base/crc.h"
#include "base/mem.h"

enum { WPS_M3 = 7, WPS_M8 = 12, WPS_NACK = 14, WPS_DONE = 15 }; /* WSC 2.0.8 table 34 */
enum { WPS_LOCKED = 4 };
enum {
	SAE = 3,
	STATUS_TOKEN = 76,
	STATUS_GROUP = 77,
	STATUS_HASH_TO_ELEMENT = 126
}; /* IEEE 802.11-2020 9.4.1.1, 9.4.1.9 */
enum { EAP_RESPONSE = 2, EAP_SUCCESS = 3, EAP_FAILURE = 4 };
enum { KEY_PAIRWISE = 8 };
#define FIRST_GROUP 19 /* that every station has to know (12.4.4.1) */

static bool from_access_point(const struct frame *f)
{
	return mac_equal(&f->source, &f->bssid);
}

/* True when the window is over the row's bound; the next alert counts anew. */
static bool over(const struct rule_ctx *l, struct rate_window *w, struct effect *e)
{
	report_window(e, w);
	if (w->frames <= l->numbers->most)
		return false;
	*w = (struct rate_window){.first_us = look_us(l), .frames = 1, .source = w->source};
	return true;
}

/* A guess gets as far as M3, or is refused before it; what succeeds was none. */
RULE(wps_brute)
{
	struct rule_counters *w;
	uint8_t message = l->f->wps_message;
	bool refused = message == WPS_NACK && from_access_point(l->f);

	if (l->f->retry || (message != WPS_M3 && message != WPS_M8 && message != WPS_DONE && !refused))
		return false;
	w = rule_counters_of(l->s->device);
	if (!w)
		return false;
	if (message == WPS_M8 || message == WPS_DONE) {
		w->m3s.frames = 0;
		w->wps_pending = false;
		return false;
	}
	if (refused && w->wps_pending) {
		w->wps_pending = false;
		return false;
	}
	w->wps_pending = message == WPS_M3;
	(void) rate_window_continue(&w->m3s, look_us(l), within_us(l));
	return over(l, &w->m3s, e);
}

static bool is_locked(struct span wps)
{
	struct wps w = {0};

	wps_read(wps, &w);
	return w.state & WPS_LOCKED;
}

/* The record has the element as it was. */
RULE(wps_locked)
{
	const struct octets *kept = &l->dot11->network->elements;
	struct span now, was;

	if (l->s->fresh || !frame_find(l->f, ELEMENT_WPS, &now) || !is_locked(now))
		return false;
	return element_find((struct span){.p = kept->p, .left = kept->n}, ELEMENT_WPS, &was) && !is_locked(was);
}

/* Methods that give the password away to who listens (RFC 3748 5.4, 5.5, 5.6; LEAP, MS-CHAP-V2). */
RULE(weak_eap_method)
{
	static const uint8_t weak[] = {4, 5, 6, 17, 26};

	if (l->f->eap_code != EAP_RESPONSE)
		return false;
	e->a = l->f->eap_type;
	return memchr(weak, l->f->eap_type, sizeof(weak)) != NULL;
}

/* The result of a login that did not take place. */
RULE(forged_eap_result)
{
	bool result = l->f->eap_code == EAP_SUCCESS || l->f->eap_code == EAP_FAILURE;
	bool response = l->f->eap_code == EAP_RESPONSE && !from_access_point(l->f);
	struct rule_counters *w;

	if ((!result || !from_access_point(l->f)) && !response)
		return false;
	w = rule_counters_of(l->s->device);
	if (!w)
		return false;
	if (response) {
		recent_macs_add(&w->eap_users, &l->f->source);
		return false;
	}
	if (recent_macs_have(&w->eap_users, &l->f->destination)) {
		recent_macs_remove(&w->eap_users, &l->f->destination);
		return false;
	}
	(void) rate_window_count(&w->forged_results, look_us(l), within_us(l));
	return over(l, &w->forged_results, e);
}

/* Of a commit, or its rejection: the group, which stands first behind the fixed fields; 0: none. */
static uint16_t group_of(const struct frame *f)
{
	struct span s = f->body;

	span_skip(&s, 6);
	return span_le16(&s);
}

static bool is_commit(const struct frame *f)
{
	return f->auth_algorithm == SAE && f->auth_transaction == 1;
}

/* Groups whose timing gives the password away (Dragonblood), or that are too small (RFC 3526, RFC 5114, RFC 6932). */
RULE(weak_sae_group)
{
	static const uint8_t weak[] = {1, 2, 5, 22, 23, 24, 25, 26, 27, 28, 29, 30};
	struct rule_counters *w;
	uint16_t group;

	if (!is_commit(l->f) || (l->f->status != 0 && l->f->status != STATUS_HASH_TO_ELEMENT) || l->f->retry)
		return false;
	group = group_of(l->f);
	if (group > UINT8_MAX || !memchr(weak, group, sizeof(weak)) || !(w = rule_counters_of(l->s->device)))
		return false;
	(void) rate_window_count(&w->weak_groups, look_us(l), within_us(l));
	if (!over(l, &w->weak_groups, e))
		return false;
	e->b = group;
	return true;
}

/* A network that took a group does not reject it; group 19 none may. */
RULE(forged_sae_rejection)
{
	uint16_t group = is_commit(l->f) && from_access_point(l->f) ? group_of(l->f) : 0;
	uint8_t bit = group >= FIRST_GROUP && group < FIRST_GROUP + 8 ? (uint8_t) (1 << (group - FIRST_GROUP)) : 0;
	struct rule_counters *w = bit ? rule_counters_of(l->s->device) : NULL;

	if (!w || l->f->retry)
		return false;
	if (l->f->status == 0 || l->f->status == STATUS_HASH_TO_ELEMENT)
		w->sae_group_bits |= bit;
	if (l->f->status != STATUS_GROUP || (group != FIRST_GROUP && !(w->sae_group_bits & bit)))
		return false;
	(void) rate_window_count(&w->sae_rejections, look_us(l), within_us(l));
	if (!over(l, &w->sae_rejections, e))
		return false;
	e->b = group;
	return true;
}

RULE(sae_tokens)
{
	struct rule_counters *w;

	if (!is_commit(l->f) || l->f->status != STATUS_TOKEN || !from_access_point(l->f) || l->f->retry ||
	    !(w = rule_counters_of(l->s->device)))
		return false;
	(void) rate_window_count(&w->sae_tokens, look_us(l), within_us(l));
	return over(l, &w->sae_tokens, e);
}

#define PSK_BITS                                                                                                       \
	(CRYPT_BIT(CRYPT_AKM_PSK) | CRYPT_BIT(CRYPT_AKM_FT_PSK) | CRYPT_BIT(CRYPT_AKM_PSK_SHA256) |                    \
	 CRYPT_BIT(CRYPT_AKM_PSK_SHA384) | CRYPT_BIT(CRYPT_AKM_FT_PSK_SHA384))
#define SAE_BITS (CRYPT_BIT(CRYPT_AKM_SAE) | CRYPT_BIT(CRYPT_AKM_FT_SAE))

RULE(transition_mode)
{
	uint64_t crypt = frame_security(l->f).crypt;

	return l->s->fresh && (crypt & PSK_BITS) && (crypt & SAE_BITS);
}

/* The source's record of that station, which may be new; the oldest of a few makes way. NULL: it has none. */
static struct station_visit *visit_of(const struct rule_ctx *l, const struct mac *address, bool add)
{
	struct source_rule_state *s = l->source;
	struct station_visit *found = NULL, *set;

	if (!s || (!s->visits && !add))
		return NULL;
	if (!s->visits)
		s->visits = xnew(struct station_visit, SOURCE_VISITS);
	set = &s->visits[(mac_u64(address) * UINT64_C(0x9e3779b97f4a7c15) >> 40) % (SOURCE_VISITS / 4) * 4];
	for (size_t i = 0; i < 4; i++)
		if (mac_equal(&set[i].address, address))
			return &set[i];
	for (size_t i = 0; add && i < 4; i++)
		if (!found || set[i].last_us < found->last_us)
			found = &set[i];
	if (found)
		*found = (struct station_visit){.address = *address, .last_us = look_us(l)};
	return found;
}

/* A station that joined a name by SAE takes the weaker way. */
RULE(sae_left)
{
	struct station_visit *t;
	uint32_t name = crc_32(l->f->ssid.p, l->f->ssid.left) | 1;
	uint64_t crypt = frame_security(l->f).crypt;

	if (l->f->ssid.left == 0 || !(crypt & (PSK_BITS | SAE_BITS)))
		return false;
	t = visit_of(l, &l->f->source, crypt & SAE_BITS);
	if (!t)
		return false;
	t->last_us = look_us(l);
	if (crypt & SAE_BITS)
		t->sae_name = name;
	else if (t->sae_name == name)
		return true;
	return false;
}

/* A network that does not hide its name is joined by it. */
RULE(other_name)
{
	const struct dot11_device *x = l->dot11->record;
	struct ssid name = {.len = (uint8_t) (l->f->ssid.left <= SSID_MAX ? l->f->ssid.left : 0)};

	if (!name.len || !x->advertised.count || !elements_whole(l->packet, l->f))
		return false;
	memcpy(name.b, l->f->ssid.p, name.len);
	for (uint32_t i = 0; i < x->advertised.count; i++)
		if (x->advertised.items[i].cloaked || ssid_equal(&x->advertised.items[i].ssid, &name))
			return false;
	for (uint32_t i = 0; i < x->responded.count; i++)
		if (ssid_equal(&x->responded.items[i].ssid, &name))
			return false;
	e->ssid = name;
	return true;
}

static bool is_to_access_point(const struct frame *f)
{
	return f->type == FRAME_DATA && f->distribution == DIST_TO_DS && !(f->subtype & DATA_NULL_BIT) &&
	       f->body.left > 0 && mac_equal(&f->transmitter, &f->source);
}

static bool turns_between(const struct station_visit *t, const struct mac *to)
{
	return (mac_equal(&t->pair[0], &t->now) && mac_equal(&t->pair[1], to)) ||
	       (mac_equal(&t->pair[1], &t->now) && mac_equal(&t->pair[0], to));
}

#define BITS_DAMAGED 2

/* Of an access point's address in a frame that was not checked some bits may have fallen over. */
static bool is_damaged_address(const struct rule_ctx *l, const struct mac *other)
{
	return !l->packet->fcs_good && __builtin_popcountll(mac_u64(other) ^ mac_u64(&l->f->bssid)) <= BITS_DAMAGED;
}

/* Whose data goes to one access point, to another, and back, without joining anew, are two stations of one address. */
RULE(two_access_points)
{
	const struct frame *f = l->f;
	struct station_visit *t;

	if (f->type == FRAME_MANAGEMENT) {
		t = visit_of(l, &f->source, false);
		if (t && !from_access_point(f))
			t->joined = f->bssid;
		return false;
	}
	if (!is_to_access_point(f) || !(t = visit_of(l, &f->source, true)))
		return false;
	if (look_us(l) + 1000000 < t->last_us) /* another capture */
		*t = (struct station_visit){.address = f->source};
	t->last_us = look_us(l);
	if (mac_equal(&t->now, &f->bssid) || is_damaged_address(l, &t->now))
		return false;
	bool turned = mac_equal(&t->before, &f->bssid) && !mac_equal(&t->joined, &f->bssid);

	if (turned && !turns_between(t, &f->bssid)) {
		t->turns.frames = 0;
		t->pair[0] = t->now;
		t->pair[1] = f->bssid;
	}
	t->before = t->now;
	t->now = f->bssid;
	if (mac_equal(&t->joined, &f->bssid))
		t->joined = (struct mac){{0}};
	if (!turned)
		return false;
	(void) rate_window_count(&t->turns, look_us(l), within_us(l));
	if (!over(l, &t->turns, e))
		return false;
	e->b = mac_u64(&t->before);
	return true;
}

/* First messages that are each of another nonce: no handshake is finished meanwhile. */
/* Each station gets one when it joins: a window of the source is enough, and no record of the station's own. */
RULE(first_nonces)
{
	const struct frame_eapol *k = &l->f->eapol;
	bool first = l->source && k->message == 1 && !l->f->retry;
	struct sender_window *w =
		first ? source_sender(l->source, &l->f->destination, SENDER_FIRST_NONCES, look_us(l)) : NULL;
	uint32_t sum = crc_32(k->nonce.p, k->nonce.left) | 1;

	if (!w || sum == w->nonce_sum)
		return false;
	w->nonce_sum = sum;
	(void) rate_window_count(&w->fast, look_us(l), within_us(l));
	return over(l, &w->fast, e);
}

/* A nonce of zeros makes a key that can be known (IEEE 802.11-2020 12.7.5). */
RULE(zero_nonce)
{
	const struct frame_eapol *k = &l->f->eapol;

	if (!(k->info & KEY_PAIRWISE) || k->message < 1 || k->message > 3 || k->nonce.left != 32)
		return false;
	for (size_t i = 0; i < k->nonce.left; i++)
		if (k->nonce.p[i])
			return false;
	e->a = k->message;
	return true;
}
