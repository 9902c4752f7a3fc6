/* Fingerprints: a hash of hashes, in the order of the list. */
#include "phy/dot11/fingerprint.h"

#include <string.h>
#include <xxhash.h>

#include "wire/dot11/elements.h"
#include "base/hex.h"

#define FOUND_MAX 64 /* elements of a list that one frame may have */

/* A whole number of that base up to max; *at moves behind it. */
static bool number(const char **at, unsigned base, uint32_t max, uint32_t *ret)
{
	uint32_t sum = 0;
	const char *p = *at;

	for (; *p; p++) {
		int digit = hex_value(*p);

		if (digit < 0 || (unsigned) digit >= base)
			break;
		sum = sum * base + (uint32_t) digit;
		if (sum > max)
			return false;
	}
	*ret = sum;
	if (p == *at)
		return false;
	*at = p;
	return true;
}

static bool parse_element(const char **at, struct fingerprint_element *ret)
{
	uint32_t id, oui = 0, type = 0;

	*at += strspn(*at, " ");
	if (!number(at, 10, 255, &id))
		return false;
	ret->of_vendor = **at == '-';
	if (ret->of_vendor) {
		(*at)++;
		if (!number(at, 16, 0xffffff, &oui) || *(*at)++ != '-' || !number(at, 10, 255, &type))
			return false;
	}
	ret->id = (uint8_t) id;
	ret->oui = oui;
	ret->type = (uint8_t) type;
	*at += strspn(*at, " ");
	return true;
}

bool fingerprint_list_parse(const char *text, struct fingerprint_list *ret)
{
	*ret = (struct fingerprint_list){0};
	while (*text) {
		struct fingerprint_element *e = &ret->elements[ret->n];

		if (ret->n == FINGERPRINT_ELEMENTS_MAX || !parse_element(&text, e))
			return false;
		ret->wanted[e->id / 64] |= UINT64_C(1) << e->id % 64;
		ret->n++;
		if (*text && (*text != ',' || !*++text))
			return false;
	}
	return true;
}

static uint64_t mix(uint64_t v)
{
	return v ^ v >> 47;
}

/* MurmurHash64A, seeded as the reference's library does on 64-bit machines; low half. */
static uint32_t element_hash(struct span s)
{
	static const uint64_t m = UINT64_C(0xc6a4a7935bd1e995);
	uint64_t sum = UINT64_C(0xc70f6907) ^ (s.left * m);

	while (s.left >= 8) {
		uint64_t word = span_le32(&s);

		word |= (uint64_t) span_le32(&s) << 32;
		sum = (sum ^ mix(word * m) * m) * m;
	}
	if (s.left) {
		uint64_t word = 0;

		for (size_t i = 0; i < s.left; i++)
			word |= (uint64_t) s.p[i] << 8 * i;
		sum = (sum ^ word) * m;
	}
	return (uint32_t) mix(mix(sum) * m);
}

static bool is_of(const struct element *e, const struct fingerprint_element *want)
{
	uint32_t oui;

	return e->number == want->id &&
	       (!want->of_vendor || (element_subtype(e, &oui) == want->type && oui == want->oui));
}

uint32_t fingerprint_of(const struct fingerprint_list *list, struct span elements)
{
	struct element found[FOUND_MAX], *e = found;
	uint8_t sums[FOUND_MAX * 4];
	size_t n = 0, at = 0;

	while (n < FOUND_MAX && element_next(&elements, e))
		if (list->wanted[e->number / 64] >> e->number % 64 & 1)
			e = found + ++n;
	for (uint8_t i = 0; i < list->n; i++)
		for (size_t k = 0; k < n && at < sizeof(sums); k++) {
			uint32_t sum;

			if (!is_of(&found[k], &list->elements[i]))
				continue;
			sum = element_hash(found[k].body);
			sums[at++] = (uint8_t) sum;
			sums[at++] = (uint8_t) (sum >> 8);
			sums[at++] = (uint8_t) (sum >> 16);
			sums[at++] = (uint8_t) (sum >> 24);
		}
	return at ? XXH32(sums, at, 0) : 0;
}
