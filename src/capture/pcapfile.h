/* Reads capture files: pcap (micro- and nanoseconds) and pcapng with any number of interfaces, in
 * either byte order, plain or compressed (unpack.h), and the packets of kismetdb logs. One thread a file. */
#pragma once
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/packet.h"

#define PCAPFILE_CAPLEN_MAX (256u * 1024) /* bytes of one frame */
#define PCAPFILE_BLOCK_MAX (1024u * 1024) /* bytes of one pcapng block */
#define PCAPFILE_INTERFACES_MAX 65536     /* of one pcapng section */
#define PCAPFILE_ERROR_SIZE 256

/* Where bytes come from: as read(2), 0 at the end, negative for an error. */
struct pcapfile_input {
	int (*read)(void *ctx, void *p, unsigned n);
	void *ctx;
	const _Atomic bool *stop; /* once it is true the input is at its end; NULL: never */
};

struct pcapfile;
/* Opens a file and reads its header. 0, or negative with a sentence in ret_error. */
int pcapfile_open(const char *path, struct pcapfile **ret_file, char ret_error[PCAPFILE_ERROR_SIZE]);
/* From now on the file is at its end once that is true. */
void pcapfile_stop_by(struct pcapfile *file, const _Atomic bool *stop);
/* The same from any input, which must outlive the reader. */
int pcapfile_open_input(const struct pcapfile_input *input, struct pcapfile **ret_file,
			char ret_error[PCAPFILE_ERROR_SIZE]);
/* Fills data, length, linktype and time_us, from a log position, radio and whether the frame is damaged, and from pcapng
 * position, the octets of an FCS and the same, where they are said. The bytes live until the next call. 1
 * for a frame, 0 at the end, ERR_TRUNCATED when the file is cut within a frame, ERR_MALFORMED or ERR_LIMIT when it
 * cannot be read on; what came before holds. */
int pcapfile_next(struct pcapfile *file, struct packet *ret_packet);
/* Bytes of the file on disk or of the input, as they are stored there, that have been read so far. Its thread. */
uint64_t pcapfile_offset(struct pcapfile *file);
/* Why pcapfile_next() ended with an error, and in which packet at which octet; "" if it did not. */
const char *pcapfile_error(const struct pcapfile *file);
void pcapfile_close(struct pcapfile *file);
