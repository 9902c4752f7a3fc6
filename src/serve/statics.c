/* Static files: only what lies beneath the root, whatever the path says. */
#include "serve/statics.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/owned_file.h"
#include "serve/private.h"
#include "serve/request.h"
#include "serve/route.h"
#include "serve/send.h"

static const struct mime {
	const char *extension, *type;
} mimes[] = {
	{"json", "application/json"},
	{"prettyjson", "application/json"},
	{"ekjson", "application/x-ndjson"},
	{"itjson", "application/x-ndjson"},
	{"tjson", "application/json"},
	{"cmd", "application/json"},
	{"jcmd", "application/json"},
	{"html", "text/html; charset=utf-8"},
	{"htm", "text/html; charset=utf-8"},
	{"css", "text/css; charset=utf-8"},
	{"js", "application/javascript; charset=utf-8"},
	{"mjs", "application/javascript; charset=utf-8"},
	{"map", "application/json"},
	{"xml", "application/xml"},
	{"png", "image/png"},
	{"jpg", "image/jpeg"},
	{"jpeg", "image/jpeg"},
	{"gif", "image/gif"},
	{"bmp", "image/bmp"},
	{"webp", "image/webp"},
	{"ico", "image/vnd.microsoft.icon"},
	{"svg", "image/svg+xml"},
	{"csv", "text/csv; charset=utf-8"},
	{"txt", "text/plain; charset=utf-8"},
	{"pcap", "application/vnd.tcpdump.pcap"},
	{"pcapng", "application/vnd.tcpdump.pcap"},
	{"ttf", "font/ttf"},
	{"otf", "font/otf"},
	{"eot", "application/vnd.ms-fontobject"},
	{"woff", "font/woff"},
	{"woff2", "font/woff2"},
	{"wasm", "application/wasm"},
	{"webmanifest", "application/manifest+json"},
};

const char *mime_of_path(const char *path)
{
	const char *dot = strrchr(path, '.');

	for (size_t i = 0; dot && i < ARRAY_SIZE(mimes); i++)
		if (strcasecmp(dot + 1, mimes[i].extension) == 0)
			return mimes[i].type;
	return "text/plain; charset=utf-8";
}

/* The kernel keeps the path beneath the root, symbolic links and ".." included (openat2(2)). */
static int open_how(int dir, const char *path, uint64_t flags)
{
	struct open_how how = {.flags = flags | O_CLOEXEC, .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS};

	return (int) syscall(SYS_openat2, dir, path, &how, sizeof(how));
}

/* A log that is being written is no page, also where it lies in the folder: it must not even be opened. */
static int open_beneath(const char *root, const char *path)
{
	cleanup_close int dir = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	cleanup_close int file = dir < 0 ? -1 : open_how(dir, path, O_PATH);
	struct stat st;

	if (file < 0 || fstat(file, &st) != 0 || owned_file_is(&st))
		return -1;
	return open_how(dir, path, O_RDONLY | O_NONBLOCK);
}

static bool same_tag(const struct request *rq, const char *tag)
{
	const char *held = request_header(rq, "If-None-Match");

	return held && strcmp(held, tag) == 0;
}

/* The origin of a URL of tiles, "{s}" as any subdomain; "" for what is no plain http or https URL. */
static void tile_origin(const char *url, char *ret, size_t size)
{
	size_t n = 0, scheme = 0;

	*ret = '\0';
	if (url && strncmp(url, "https://", 8) == 0)
		scheme = 8;
	else if (url && strncmp(url, "http://", 7) == 0)
		scheme = 7;
	if (!scheme)
		return;
	for (const char *p = url; *p && n + 1 < size && (n < scheme || *p != '/'); p++) {
		bool any = strncmp(p, "{s}", 3) == 0;

		if (n >= scheme && !any && !isalnum((unsigned char) *p) && !strchr(".:-", *p)) {
			*ret = '\0';
			return;
		}
		ret[n++] = any ? '*' : *p;
		p += any ? 2 : 0;
	}
	ret[n] = '\0';
}

#define OWN_MARK "<meta name=\"generator\" content=\"norn\""
#define OWN_HEAD 1024 /* octets that are searched for the mark */

bool statics_are_own(const char *root)
{
	char head[OWN_HEAD + 1];
	int fd = root ? open_beneath(root, "index.html") : -1;
	ssize_t n = fd >= 0 ? read(fd, head, OWN_HEAD) : 0;

	if (fd >= 0)
		(void) close(fd);
	head[n > 0 ? n : 0] = '\0';
	return strstr(head, OWN_MARK) != NULL;
}

/* norn's own pages load nothing from elsewhere but the map's tiles, if the configuration names a server for them, run
 * no inline code and may not be framed. Pages that a user put into httpd_home were not written for that: they may run
 * inline code, frame each other, and bring maps of their own. Plugins get the first policy, unless the option says
 * otherwise. */
static void add_page_headers(const struct request *rq, struct MHD_Response *response, enum pages pages)
{
	const char *chosen = rq->serve->conf.page_policy;
	char tiles[256], policy[640];

	tile_origin(rq->serve->conf.map_tiles, tiles, sizeof(tiles));
	if (pages == PAGES_HOME && rq->serve->own_home)
		chosen = NULL;
	if (chosen && *chosen)
		(void) snprintf(policy, sizeof(policy), "%s", chosen);
	else if (pages == PAGES_HOME && !rq->serve->own_home)
		(void) snprintf(policy, sizeof(policy),
				"default-src 'self' data: blob: 'unsafe-inline' 'unsafe-eval'; "
				"img-src http: https: 'self' data: blob: %s; object-src 'none'; form-action 'self'; "
				"base-uri 'self'; frame-ancestors 'self'",
				tiles);
	else
		(void) snprintf(policy, sizeof(policy),
				"default-src 'none'; script-src 'self'; style-src 'self'; "
				"img-src 'self' data: blob: %s; connect-src 'self'; font-src 'self'; "
				"manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
				tiles);
	(void) MHD_add_response_header(response, "Content-Security-Policy", policy);
	(void) MHD_add_response_header(response, "Referrer-Policy", "no-referrer");
}

static enum MHD_Result send_file(struct request *rq, int fd, const struct stat *st, const char *mime, enum pages pages)
{
	struct MHD_Response *response;
	enum MHD_Result r;
	char tag[64];
	bool held;

	(void) snprintf(tag, sizeof(tag), "\"%llx-%llx-%lx\"", (unsigned long long) st->st_mtim.tv_sec,
			(unsigned long long) st->st_size, (unsigned long) st->st_mtim.tv_nsec);
	held = same_tag(rq, tag);
	if (held) {
		(void) close(fd);
		response = MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
	} else {
		response = MHD_create_response_from_fd((uint64_t) st->st_size, fd);
	}
	if (!response)
		return MHD_NO;
	(void) MHD_add_response_header(response, "Content-Type", mime);
	(void) MHD_add_response_header(response, "ETag", tag);
	if (strncmp(mime, "text/html", 9) == 0)
		add_page_headers(rq, response, pages);
	reply_common_headers(rq, response);
	r = MHD_queue_response(rq->connection, held ? 304 : 200, response);
	MHD_destroy_response(response);
	return r;
}

enum MHD_Result statics_send(struct request *rq, const char *root, const char *path, enum pages pages)
{
	char name[SERVE_PATH_MAX + 16];
	struct stat st;
	size_t n;
	int fd;

	path += strspn(path, "/");
	n = strlen(path);
	if (n > SERVE_PATH_MAX)
		return MHD_NO;
	(void) snprintf(name, sizeof(name), "%s%s", path, n == 0 || path[n - 1] == '/' ? "index.html" : "");
	fd = open_beneath(root, name);
	if (fd < 0)
		return MHD_NO;
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		(void) close(fd);
		return MHD_NO;
	}
	return send_file(rq, fd, &st, mime_of_path(name), pages);
}
