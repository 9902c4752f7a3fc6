#include "serve/framing.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>
#include "base/hex.h"
#include "base/mem.h"

struct head {
	bool in_place; /* the library's version is known to leave lines where they are */
	unsigned hosts, lengths, codings;
	const char *host, *coding;
	const char *line;  /* where the next begins; NULL: unknown */
	const char *fault; /* of a single line, or NULL */
};

/* RFC 9110, 5.6.2: so no name ends in the white space that some programs strip and some do not. */
static bool is_token(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] <= ' ' || p[i] >= 127 || strchr("\"(),/:;<=>?@[\\]{}", p[i]))
			return false;
	return n > 0;
}

/* RFC 9110, 5.5. */
static bool is_field_value(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (((unsigned char) p[i] < ' ' && p[i] != '\t') || p[i] == 127)
			return false;
	return true;
}

static const char *skip(const char *p, const char *end)
{
	while (p < end && (isspace((unsigned char) *p) || !*p))
		p++;
	return p;
}

/* The library gives texts to their first NUL, and takes a single CR or LF, and continued lines, for what most programs
 * do not. The lines themselves show it: they stay in place, with both octets of their end replaced by NUL. Later
 * versions refuse these themselves. */
static bool is_line(struct head *h, const char *name, size_t name_n, const char *value, size_t n)
{
	bool begins = !h->line || name == h->line;

	if (!h->in_place)
		return true;
	h->line = value + n + 2;
	return begins && value > name && skip(name + name_n, value) == value && value[n] == '\0' &&
	       value[n + 1] == '\0';
}

static enum MHD_Result look_at(void *ctx, enum MHD_ValueKind kind, const char *name, size_t name_n, const char *value,
			       size_t n)
{
	struct head *h = ctx;

	(void) kind;
	if (!is_token(name, name_n))
		h->fault = "The name of a header field holds white space or another character that it may not.";
	else if (!value || !is_field_value(value, n) || !is_line(h, name, name_n, value, n))
		h->fault = "A header field holds a control character, or its line does not end with CR and LF.";
	if (h->fault)
		return MHD_NO;
	if (strcasecmp(name, "Host") == 0) {
		h->hosts++;
		h->host = value;
	} else if (strcasecmp(name, "Content-Length") == 0) {
		h->lengths++;
	} else if (strcasecmp(name, "Transfer-Encoding") == 0) {
		h->codings++;
		if (!h->coding || strcasecmp(value, "chunked") != 0) /* of several the one that is not known */
			h->coding = value;
	}
	return MHD_YES;
}

/* RFC 3986, 3.2.2 and 3.2.3; empty where the target has no authority. */
static bool is_host(const char *host)
{
	const char *end = *host == '[' ? strchr(host, ']') : host + strcspn(host, ":");

	if (!end || host[strcspn(host, " \t/\\?#@\"<>^`{|}")])
		return false;
	end += *end == ']';
	return !*end || (*end == ':' && !end[1 + strspn(end + 1, "0123456789")]);
}

void framing_note_target(struct framing_target *ret, const char *target)
{
	size_t n = strlen(target);

	*ret = (struct framing_target){.end = target + n, .odd = !is_field_value(target, n) || strpbrk(target, " \t")};
}

void framing_cut_target(struct framing_target *f, char *target)
{
	static const char *const schemes[] = {"http://", "https://"};

	for (size_t i = 0; i < ARRAY_SIZE(schemes); i++) {
		size_t skip = strlen(schemes[i]), n;
		char *rest;

		if (strncasecmp(target, schemes[i], skip) != 0)
			continue;
		n = strcspn(target + skip, "/");
		if (n >= sizeof(f->host))
			return;
		f->absolute = true;
		memcpy(f->host, target + skip, n);
		rest = target + skip + n;
		*target = '/';
		memmove(target + !*rest, rest, strlen(rest) + 1);
		return;
	}
}

static unsigned refuse(unsigned status, const char *sentence, const char **ret_sentence)
{
	*ret_sentence = sentence;
	return status;
}

/* RFC 9112, 6: how long the body is. */
static unsigned refuse_body(const struct head *h, bool old, const char **ret_sentence)
{
	if (h->lengths > 1)
		return refuse(400, "The request has two Content-Length fields.", ret_sentence);
	if (h->codings && h->lengths)
		return refuse(400, "The request has both Content-Length and Transfer-Encoding.", ret_sentence);
	if (h->codings && strcasecmp(h->coding, "chunked") != 0)
		return refuse(501, "This server knows no Transfer-Encoding but chunked.", ret_sentence);
	if (h->codings > 1 || (h->codings && old))
		return refuse(400, "Transfer-Encoding: chunked is given once, and not in HTTP/1.0.", ret_sentence);
	return 0;
}

/* The method, the target and the version, one space between them. */
static bool is_request_line(const struct head *h, const struct framing_target *t, const char *method, const char *url,
			    const char *version)
{
	if (!is_token(method, strlen(method)) || t->odd)
		return false;
	return !h->in_place || (skip(method + strlen(method), url) == url && (!t->end || version == t->end + 1));
}

/* Behind the last line come two octets, and the body: else NUL was in that line, or it has no name. */
static bool is_whole(const struct head *h, struct MHD_Connection *c, const char *method)
{
	const union MHD_ConnectionInfo *i = MHD_get_connection_info(c, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);

	return !h->in_place || !i || h->line + 2 == method + i->header_size;
}

unsigned framing_refuse(struct MHD_Connection *c, const struct framing_target *target, const char *method,
			const char *url, const char *version, const char **ret_sentence)
{
	bool old = strcmp(version, "HTTP/1.0") == 0;
	struct head h = {.in_place = strcmp(MHD_get_version(), "0.9.75") == 0};

	if (h.in_place)
		h.line = version + strlen(version) + 2;
	if (!is_request_line(&h, target, method, url, version))
		return refuse(400, "A request begins with a method, a path and the version.", ret_sentence);
	(void) MHD_get_connection_values_n(c, MHD_HEADER_KIND, look_at, &h);
	if (!h.fault && !is_whole(&h, c, method))
		h.fault = "A header field has no name, or holds a control character.";
	if (h.fault)
		return refuse(400, h.fault, ret_sentence);
	if (h.hosts > 1 || (h.hosts == 0 && !old) || (h.host && !is_host(h.host)))
		return refuse(400, "A request names one Host.", ret_sentence);
	if (target->absolute && h.host && strcasecmp(target->host, h.host) != 0)
		return refuse(400, "The request's target and its Host name two servers.", ret_sentence);
	return refuse_body(&h, old, ret_sentence);
}

size_t framing_unescape(void *ctx, struct MHD_Connection *c, char *text)
{
	char *to = text;

	(void) ctx;
	(void) c;
	for (const char *p = text; *p; p++) {
		int high = *p == '%' ? hex_value(p[1]) : -1, low = high >= 0 ? hex_value(p[2]) : -1;

		if (low >= 0 && (high || low)) {
			*to++ = (char) (high << 4 | low);
			p += 2;
		} else {
			*to++ = *p;
		}
	}
	*to = '\0';
	return (size_t) (to - text);
}
