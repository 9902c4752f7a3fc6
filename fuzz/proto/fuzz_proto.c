/* Frames of the capture protocol, one behind the other: what can be read can be written and read
 * again. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "proto/announcement.h"
#include "proto/proto.h"
#include "proto/row.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void again(const struct proto_message *m, enum proto_version version, struct proto_scratch *s)
{
	struct proto_scratch *other = proto_scratch_create();
	struct proto_message back;
	struct proto_frame f;
	struct buf out = {0};

	(void) s;
	if (proto_encode(m, version, other, &out) >= 0) {
		if (proto_frame_read((const uint8_t *) out.p, out.len, &f) != (int) out.len)
			abort();
		(void) proto_decode(&f, other, &back);
	}
	proto_scratch_destroy(other);
	buf_finish(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct proto_scratch *s;
	struct proto_message m;
	struct announcement a;
	struct proto_frame f;
	int r;

	if (!s)
		s = proto_scratch_create();
	(void) announcement_read(span_of(data, size), &a);
	while ((r = proto_frame_read(data, size, &f)) > 0) {
		if (proto_decode(&f, s, &m) >= 0) {
			again(&m, PROTO_V0, s);
			again(&m, PROTO_V2, s);
			again(&m, PROTO_V3, s);
		}
		data += r;
		size -= (size_t) r;
	}
	/* A fuzzer seldom finds a sum or a header: payloads alone. */
	if (size > 2) {
		f = (struct proto_frame){.version = data[0] % 2 ? PROTO_V3 : PROTO_V2, .type = data[1] % 70};
		f.payload = span_of(data + 2, size - 2);
		strcpy(f.command, data[1] % 3 ? "KDSOPENSOURCEREPORT" : "KDSDATAREPORT");
		if (proto_decode(&f, s, &m) >= 0)
			again(&m, PROTO_V3, s);
	}
	return 0;
}
