/* The log class pcapng: every packet, as Wireshark reads it. */
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "capture/record.h"
#include "capture/registry.h"
#include "store/log/log_file.h"
#include "store/log/log_out.h"
#include "store/log/pcapng.h"

struct pcapng_log {
	struct log_out out;
	struct pcapng file;
	const struct log_rooms *rooms;
};

static void name_source(void *ctx, uint16_t source, char name[256], char description[256])
{
	struct pcapng_log *p = ctx;
	struct source_record r;

	if (!capture_snapshot(p->rooms->sources, source, &r))
		return;
	(void) snprintf(name, 256, "%.255s", r.interface);
	(void) snprintf(description, 256, "Kismet datasource %.70s (%.70s - %.70s)", r.name, r.interface, r.interface);
}

static void *open_pcapng(const char *path, uint32_t since_sec, const struct log_conf *conf,
			 const struct log_rooms *rooms, char ret_error[256])
{
	struct pcapng_log *p = xnew(struct pcapng_log, 1);

	(void) conf;
	(void) since_sec;
	p->rooms = rooms;
	p->file.name_source = name_source;
	p->file.ctx = p;
	if (!log_out_open(&p->out, path, ret_error)) {
		free(p);
		return NULL;
	}
	pcapng_begin(&p->out.text);
	return p;
}

static enum log_took write_packet(void *file, const struct packet_summary *s, const uint8_t *data)
{
	struct pcapng_log *p = file;

	pcapng_packet(&p->file, &p->out.text, s, data);
	return log_out_check(&p->out) ? LOG_WRITTEN : LOG_FAILED;
}

static bool sync_pcapng(void *file)
{
	return log_out_flush(&((struct pcapng_log *) file)->out);
}

static bool tick(void *file, uint32_t server_sec)
{
	(void) server_sec;
	return sync_pcapng(file);
}

static uint64_t bytes(void *file)
{
	const struct pcapng_log *p = file;

	return p->out.bytes + p->out.text.len;
}

static void close_pcapng(void *file, bool good)
{
	struct pcapng_log *p = file;

	(void) good;
	log_out_close(&p->out);
	free(p);
}

const struct log_kind log_pcapng = {.driver = {"pcapng", "PcapNG", "Packets of all datasources, for Wireshark", 1, 0},
				    .suffix = "pcapng",
				    .id = LOG_CLASS_PCAPNG,
				    .open = open_pcapng,
				    .packet = write_packet,
				    .sync = sync_pcapng,
				    .tick = tick,
				    .bytes = bytes,
				    .close = close_pcapng};
