/* Webhooks: each alert is posted as its JSON record. Over https; in clear only to this machine. */
#include <arpa/inet.h>
#include <curl/curl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "deliver/receiver.h"
#include "field/write.h"

#define CONNECT_SEC 5
#define URL_MOST 2048
#define LAST_TRY_US 2000000 /* what is under way when the server stops may still take */

struct webhook {
	CURL *curl;
	struct curl_slist *headers;
	char curl_error[CURL_ERROR_SIZE];
	uint32_t pause_sec;
	_Atomic uint64_t end_us; /* monotonic; 0: there is time */
};

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void begin(void)
{
	(void) curl_global_init(CURL_GLOBAL_DEFAULT);
}

/* The length of the URL up to its path. */
static size_t origin_of(const char *url)
{
	const char *host = strstr(url, "://");

	return host ? (size_t) (host + 3 - url) + strcspn(host + 3, "/?#") : 0;
}

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

/* http:// with this machine's own address, which no resolver is asked for. */
static bool is_local(const char *url)
{
	char host[64];
	uint32_t ip;
	size_t n;

	if (!begins(url, "http://") || memchr(url, '@', origin_of(url)))
		return false;
	url += strlen("http://");
	n = begins(url, "[::1]") ? strlen("[::1]") : strcspn(url, ":/?#");
	if (n == 0 || n >= sizeof(host) || (url[n] && !strchr(":/?#", url[n])))
		return false;
	memcpy(host, url, n);
	host[n] = '\0';
	return strcmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0 ||
	       (inet_pton(AF_INET, host, &ip) == 1 && ntohl(ip) >> 24 == 127);
}

static size_t ignore(char *p, size_t size, size_t n, void *ctx)
{
	(void) p;
	(void) ctx;
	return size * n;
}

static int on_progress(void *ctx, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	uint64_t end = atomic_load(&((struct webhook *) ctx)->end_us);

	(void) a;
	(void) b;
	(void) c;
	(void) d;
	return end && clock_monotonic_us() > end;
}

static void set_up(struct webhook *w, const struct delivery_conf *conf, const char *url)
{
	w->headers = curl_slist_append(NULL, "Content-Type: application/json");
	w->headers = curl_slist_append(w->headers, "User-Agent: norn/" NORN_VERSION);
	w->headers = curl_slist_append(w->headers, "Expect:"); /* no round trip before the body */
	for (size_t i = 0; i < conf->headers.n; i++)
		w->headers = curl_slist_append(w->headers, conf->headers.items[i]);
	(void) curl_easy_setopt(w->curl, CURLOPT_URL, url);
	(void) curl_easy_setopt(w->curl, CURLOPT_PROTOCOLS_STR, "http,https");
	(void) curl_easy_setopt(w->curl, CURLOPT_HTTPHEADER, w->headers);
	(void) curl_easy_setopt(w->curl, CURLOPT_NOSIGNAL, 1L);
	(void) curl_easy_setopt(w->curl, CURLOPT_CONNECTTIMEOUT, (long) CONNECT_SEC);
	(void) curl_easy_setopt(w->curl, CURLOPT_TIMEOUT, (long) SEND_SEC);
	(void) curl_easy_setopt(w->curl, CURLOPT_WRITEFUNCTION, ignore);
	(void) curl_easy_setopt(w->curl, CURLOPT_NOPROGRESS, 0L);
	(void) curl_easy_setopt(w->curl, CURLOPT_XFERINFOFUNCTION, on_progress);
	(void) curl_easy_setopt(w->curl, CURLOPT_XFERINFODATA, w);
	(void) curl_easy_setopt(w->curl, CURLOPT_ERRORBUFFER, w->curl_error);
	if (conf->ca_file && *conf->ca_file)
		(void) curl_easy_setopt(w->curl, CURLOPT_CAINFO, conf->ca_file);
}

static void *create(const struct delivery_conf *conf, const char *url, char ret_error[ERROR_SIZE])
{
	struct webhook *w;

	(void) pthread_once(&once, begin);
	if (strlen(url) > URL_MOST || (!begins(url, "https://") && !is_local(url)) || origin_of(url) < 9) {
		(void) snprintf(ret_error, ERROR_SIZE,
				"expected https://HOST/..., or http:// with this machine's own address");
		return NULL;
	}
	w = xnew(struct webhook, 1);
	w->curl = curl_easy_init();
	if (!w->curl)
		abort();
	set_up(w, conf, url);
	return w;
}

/* RFC 9110 15: what may be better later. */
static enum outcome outcome_of(long status)
{
	if (status >= 200 && status < 300)
		return OUTCOME_SENT;
	return status >= 500 || status == 408 || status == 425 || status == 429 ? OUTCOME_LATER : OUTCOME_REFUSED;
}

static enum outcome post(void *receiver, const struct alert *a, char ret_error[ERROR_SIZE])
{
	struct webhook *w = receiver;
	struct arena arena = {0};
	struct field_ctx ctx = {.now_us = clock_server_us(), .arena = &arena};
	struct buf json = {0};
	curl_off_t pause = 0;
	long status = 0;
	CURLcode r;

	field_write(&json, &alert_table, a, FIELD_FORMAT_JSON, &ctx);
	(void) curl_easy_setopt(w->curl, CURLOPT_POSTFIELDSIZE, (long) json.len);
	(void) curl_easy_setopt(w->curl, CURLOPT_POSTFIELDS, json.p);
	w->curl_error[0] = '\0';
	w->pause_sec = 0;
	r = curl_easy_perform(w->curl);
	buf_finish(&json);
	arena_finish(&arena);
	if (r != CURLE_OK) {
		(void) snprintf(ret_error, ERROR_SIZE, "%s", *w->curl_error ? w->curl_error : curl_easy_strerror(r));
		return OUTCOME_LATER;
	}
	(void) curl_easy_getinfo(w->curl, CURLINFO_RESPONSE_CODE, &status);
	(void) curl_easy_getinfo(w->curl, CURLINFO_RETRY_AFTER, &pause);
	w->pause_sec = pause > 0 && pause < UINT32_MAX ? (uint32_t) pause : 0;
	(void) snprintf(ret_error, ERROR_SIZE, "it answered with status %ld", status);
	return outcome_of(status);
}

static uint32_t pause_of(void *receiver)
{
	return ((struct webhook *) receiver)->pause_sec;
}

static void give_up(void *receiver)
{
	atomic_store(&((struct webhook *) receiver)->end_us, clock_monotonic_us() + LAST_TRY_US);
}

static void destroy(void *receiver)
{
	struct webhook *w = receiver;

	curl_easy_cleanup(w->curl);
	curl_slist_free_all(w->headers);
	free(w);
}

/* Paths of webhooks are secrets, and so is what stands before an "@". */
static void show(const char *url, char *ret_text, size_t size)
{
	size_t n = origin_of(url);
	const char *at = memchr(url, '@', n), *host = strstr(url, "://");

	if (n == 0)
		(void) snprintf(ret_text, size, "...");
	else if (at)
		(void) snprintf(ret_text, size, "%.*s...@%.*s", (int) (host + 3 - url), url, (int) (url + n - at - 1),
				at + 1);
	else
		(void) snprintf(ret_text, size, "%.*s", (int) n, url);
}

const struct receiver_kind webhook_kind = {.name = "webhook",
					   .create = create,
					   .send = post,
					   .pause = pause_of,
					   .give_up = give_up,
					   .destroy = destroy,
					   .show = show};
