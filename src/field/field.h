/* Field tables: one row publishes a member of a struct everywhere.
 *
 * Beside each struct stands a static table of rows. A row names the member as the outside knows it,
 * says in one sentence what it means, and how to find it; its kind comes from the member's own type,
 * so row and struct cannot disagree, and a type that has no kind does not compile. The same rows
 * give JSON in every form (write.h), copies that outlive a lock (copy.h), paths, selections, filters
 * and sorting (path.h, select.h, filter.h, sort.h), reading back (load.h) and the schema (field_tables()).
 * A row whose kind is a member's reads its own value back; one that a function makes does when .set says how.
 *
 * A table is made ready when it is first used; field_prepare() does so earlier, so that the schema lists it. */
#pragma once
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/key.h"
#include "base/mac.h"
#include "base/ssid.h"
#include "base/uuid.h"

enum field_kind {
	FIELD_BOOL, /* 0 or 1 */
	FIELD_U8,
	FIELD_U16,
	FIELD_U32,
	FIELD_U64,
	FIELD_I8,
	FIELD_I16,
	FIELD_I32,
	FIELD_I64,
	FIELD_FLOAT,
	FIELD_REAL,
	FIELD_TEXT,   /* char m[N], NUL terminated */
	FIELD_STRING, /* char *m, owned; NULL is absent unless the row says FIELD_NULL_EMPTY */
	FIELD_OCTETS, /* struct octets, owned, shown in hex */
	FIELD_MAC,
	FIELD_UUID,
	FIELD_KEY,
	FIELD_SSID,
	FIELD_ENUM,    /* an unsigned char shown as its text from .texts */
	FIELD_OBJECT,  /* a struct in place, described by .table */
	FIELD_POINTER, /* struct *m, owned; NULL is absent */
	FIELD_BLOCK,   /* T *m, owned plain memory of .size bytes; never shown */
	FIELD_ARRAY,   /* T m[N]: .count elements of .size bytes, each as .elem says */
	FIELD_LIST,    /* LIST(T) m: elements of .size bytes, each as .elem says */
	FIELD_MAP,     /* LIST(T) m: as a list, shown as an object; .key says where an element's key is */
	FIELD_GET_U64,
	FIELD_GET_I64,
	FIELD_GET_REAL,   /* a function's number */
	FIELD_GET_TEXT,   /* a function's text */
	FIELD_GET_OBJECT, /* a struct that a function finds or makes */
	FIELD_GET_LIST,   /* elements that a function finds or makes */
};

enum field_flag {
	FIELD_HIDDEN = 1,     /* copied and freed with its struct, but never shown */
	FIELD_VIEW = 2,       /* shows memory that another row owns: neither copied nor freed */
	FIELD_NULL_EMPTY = 4, /* a NULL string or pointer shows as "" or {} instead of being absent */
	FIELD_SECRET = 8,     /* shown only to administrators */
	FIELD_ADDED = 16,     /* not in Kismet's record, so absent from its default output */
	FIELD_LOCKS = 64,     /* its getter takes a lock: of copies alone, not under the lock of a shard */
	FIELD_STATE =
		32 | FIELD_HIDDEN, /* what other rows do not show completely: shown in logs alone, to be read back */
};

/* Octets of any length that a record owns. */
struct octets {
	uint8_t *p;
	uint32_t n;
};

/* A growing array of plain structs. While `items` points into the struct that holds the list (its
 * first element kept inline), copies follow it and freeing leaves it alone. */
struct list {
	void *items;
	uint32_t count, cap;
};
#define LIST(T)                                                                                                        \
	struct {                                                                                                       \
		T *items;                                                                                              \
		uint32_t count, cap;                                                                                   \
	}

/* What a request knows while records are written: its time, and memory for what getters make. One
 * for each thread that writes; the arena is reset between records by the caller that walks them. */
struct field_ctx {
	uint64_t now_us;     /* server time of the request */
	uint32_t model_now;  /* the newest second that histories have seen */
	struct arena *arena; /* for getters; lives until the record is written */
	const void *context; /* what the rooms' getters need: sources, vendors (set by app) */
	bool state;          /* FIELD_STATE rows are shown, too */
};

struct field_text {
	const char *p; /* NULL: absent */
	size_t n;
};
/* A text that outlives its maker, in the request's memory. */
static inline struct field_text arena_text(struct field_ctx *ctx, const char *s)
{
	size_t n = strlen(s);

	return (struct field_text){arena_copy(ctx->arena, s, n), n};
}
struct field_items {
	const void *items;
	uint32_t count;
};

struct field;
struct field_meta;
struct field_load;
struct json_in;

struct field_table {
	const char *type; /* names the record in schema and manual */
	const struct field *rows;
	size_t n_rows;
	size_t size;                                        /* of the struct */
	void (*loaded)(void *obj, struct field_load *load); /* NULL, or called when all its rows were read back */
	_Atomic(struct field_meta *) meta;                  /* made by field_prepare(); see field_meta() */
	bool preparing;                                     /* its own, under its lock */
};

struct field {
	const char *name; /* wire name; never changes once released */
	const char *doc;  /* one sentence: schema and manual */
	const char *type; /* published type where it is not the kind's own, such as "uint64_t" */
	uint8_t kind;     /* enum field_kind */
	uint8_t flags;    /* enum field_flag */
	size_t offset;
	uint16_t through; /* 1 + offset of the pointer behind which the row's own struct lies; 0: here */
	size_t size;      /* of a member, of an element of a list, of a block */
	size_t count;     /* FIELD_ARRAY */
	bool (*present)(const void *obj); /* NULL: always */
	struct field_table *table;        /* nested record */
	const struct field *elem, *key;   /* rows relative to the element */
	const char *const *texts;         /* FIELD_ENUM: NULL terminated */
	uint16_t first;                   /* 1 + offset of the element that a list keeps within the struct; 0: none */
	uint8_t most;                     /* 1 + enum limit: how many elements are read back; 0: FIELD_LOAD_ITEMS */
	/* Reads back what the row shows, in place of its kind's own way (load.h): false when it cannot be used. */
	bool (*set)(const struct field *row, void *obj, const struct json_in *value, struct field_load *load);
	union {
		uint64_t (*u64)(const void *obj, struct field_ctx *ctx);
		int64_t (*i64)(const void *obj, struct field_ctx *ctx);
		double (*real)(const void *obj, struct field_ctx *ctx);
		struct field_text (*text)(const void *obj, struct field_ctx *ctx);
		const void *(*object)(const void *obj, struct field_ctx *ctx);
		struct field_items (*items)(const void *obj, struct field_ctx *ctx);
	} get;
};

#define FIELD_MEMBER(T, m) (((T *) 0)->m)

/* clang-format off */
#define FIELD_KIND(T, m) _Generic(&FIELD_MEMBER(T, m),              \
	bool *: FIELD_BOOL,                                         \
	uint8_t *: FIELD_U8, uint16_t *: FIELD_U16,                 \
	uint32_t *: FIELD_U32, uint64_t *: FIELD_U64,               \
	int8_t *: FIELD_I8, int16_t *: FIELD_I16,                   \
	int32_t *: FIELD_I32, int64_t *: FIELD_I64,                 \
	float *: FIELD_FLOAT, double *: FIELD_REAL,                 \
	char (*)[sizeof(FIELD_MEMBER(T, m))]: FIELD_TEXT,           \
	char **: FIELD_STRING, struct octets *: FIELD_OCTETS,       \
	struct mac *: FIELD_MAC, struct uuid *: FIELD_UUID,         \
	struct key *: FIELD_KEY, struct ssid *: FIELD_SSID)

/* More of a row can be said behind the fixed part: FIELD(..., .present = has_x, .type = "uint64_t"). */
#define FIELD(T, wire, m, text, ...)                                               \
	{ .name = (wire), .doc = (text), .kind = FIELD_KIND(T, m), .offset = offsetof(T, m), \
	  .size = sizeof(FIELD_MEMBER(T, m)), ##__VA_ARGS__ }
#define FIELD_TEXTS(T, wire, m, list, text, ...)                                   \
	{ .name = (wire), .doc = (text), .kind = FIELD_ENUM, .offset = offsetof(T, m), .texts = (list), ##__VA_ARGS__ }
#define FIELD_IN(T, wire, m, sub, text, ...)                                       \
	{ .name = (wire), .doc = (text), .kind = FIELD_OBJECT, .offset = offsetof(T, m), .table = (sub), ##__VA_ARGS__ }
#define FIELD_OWN(T, wire, m, sub, text, ...)                                      \
	{ .name = (wire), .doc = (text), .kind = FIELD_POINTER, .offset = offsetof(T, m), .table = (sub), ##__VA_ARGS__ }
/* In a row of T: the member is of the struct behind T's pointer p and absent while that is NULL; getters
 * and present() get that struct. A hidden FIELD_OWN row owns it. */
#define FIELD_BEHIND(T, p) .through = 1 + offsetof(T, p)
#define FIELD_MEM(T, m, bytes)                                                     \
	{ .name = "", .doc = "Memory of the record.", .kind = FIELD_BLOCK, .flags = FIELD_HIDDEN, .offset = offsetof(T, m), .size = (bytes) }
#define FIELD_N(T, wire, m, row, text, ...)                                        \
	{ .name = (wire), .doc = (text), .kind = FIELD_ARRAY, .offset = offsetof(T, m),  \
	  .size = sizeof(FIELD_MEMBER(T, m)[0]), .count = sizeof(FIELD_MEMBER(T, m)) / sizeof(FIELD_MEMBER(T, m)[0]), .elem = (row), ##__VA_ARGS__ }
#define FIELD_MANY(T, wire, m, row, text, ...)                                     \
	{ .name = (wire), .doc = (text), .kind = FIELD_LIST, .offset = offsetof(T, m),   \
	  .size = sizeof(FIELD_MEMBER(T, m).items[0]), .elem = (row), ##__VA_ARGS__ }
#define FIELD_KEYED(T, wire, m, by, row, text, ...)                                \
	{ .name = (wire), .doc = (text), .kind = FIELD_MAP, .offset = offsetof(T, m),    \
	  .size = sizeof(FIELD_MEMBER(T, m).items[0]), .key = (by), .elem = (row), ##__VA_ARGS__ }
#define FIELD_CALL(wire, k, member, fn, text, ...)                                 \
	{ .name = (wire), .doc = (text), .kind = (k), .get.member = (fn), ##__VA_ARGS__ }
#define FIELD_CALL_U64(wire, fn, text, ...) FIELD_CALL(wire, FIELD_GET_U64, u64, fn, text, ##__VA_ARGS__)
#define FIELD_CALL_I64(wire, fn, text, ...) FIELD_CALL(wire, FIELD_GET_I64, i64, fn, text, ##__VA_ARGS__)
#define FIELD_CALL_REAL(wire, fn, text, ...) FIELD_CALL(wire, FIELD_GET_REAL, real, fn, text, ##__VA_ARGS__)
#define FIELD_CALL_TEXT(wire, fn, about, ...) FIELD_CALL(wire, FIELD_GET_TEXT, text, fn, about, ##__VA_ARGS__)
#define FIELD_CALL_OBJECT(wire, fn, sub, text, ...) FIELD_CALL(wire, FIELD_GET_OBJECT, object, fn, text, .table = (sub), ##__VA_ARGS__)
#define FIELD_CALL_LIST(wire, fn, bytes, row, text, ...) FIELD_CALL(wire, FIELD_GET_LIST, items, fn, text, .size = (bytes), .elem = (row), ##__VA_ARGS__)

/* Rows for elements: a member of the element, or the element itself as a record. */
#define FIELD_ELEM(T, m) { .name = "", .doc = "", .kind = FIELD_KIND(T, m), .offset = offsetof(T, m), .size = sizeof(FIELD_MEMBER(T, m)) }
#define FIELD_ELEM_SELF(sub) { .name = "", .doc = "", .kind = FIELD_OBJECT, .table = (sub) }
#define FIELD_ELEM_KIND(k) { .name = "", .doc = "", .kind = (k) }

#define FIELD_TABLE(T, name, r, ...)                                               \
	{ .type = (name), .rows = (r), .n_rows = sizeof(r) / sizeof((r)[0]), .size = sizeof(T), ##__VA_ARGS__ }
/* clang-format on */

/* What field_prepare() works out once for a row. */
struct field_row_meta {
	char *json;      /* "\"name\":" */
	char *json_flat; /* the same with '_' for '.' */
	uint32_t len;
	bool owns;                  /* the member holds memory that copies must follow */
	struct field_table *behind; /* of the struct that .through points to; NULL: none, or no row owns it */
};
struct field_meta {
	struct field_row_meta *rows;
	size_t n_rows;
	bool owns; /* any row does */
};

/* Makes the table and all that it nests ready, and lists them for field_tables(). Idempotent. Any thread. */
void field_prepare(const struct field_table *table);
/* What it worked out, now if not before. Any thread. */
static inline const struct field_meta *field_meta(const struct field_table *table)
{
	const struct field_meta *m = atomic_load_explicit(&table->meta, memory_order_acquire);

	if (m)
		return m;
	field_prepare(table);
	return atomic_load_explicit(&table->meta, memory_order_acquire);
}

/* A value as rows give it to writers, filters and sorting: one switch over kinds reads them all. */
enum field_value_type {
	VALUE_ABSENT,
	VALUE_U64,
	VALUE_I64,
	VALUE_REAL,
	VALUE_TEXT,   /* text, n: bytes as they stand, to be escaped */
	VALUE_OCTETS, /* text, n: bytes to be shown in hex */
	VALUE_OBJECT, /* obj, table */
	VALUE_LIST,   /* obj, n elements, row says how */
	VALUE_MAP,
};
#define FIELD_SCRATCH 208 /* the longest text a kind makes: an SSID of 32 escaped bytes */
struct field_value {
	enum field_value_type type;
	union {
		uint64_t u64;
		int64_t i64;
		double real;
		struct {
			const char *text;
			size_t n;
		};
	};
	const void *obj;
	const struct field_table *table;
	const struct field *row;
	char scratch[FIELD_SCRATCH];
};
