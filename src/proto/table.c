/* Every message and block of the protocol, a row a value. */
#include "proto/table.h"

#include "base/mem.h"
#include <capture.pb-c.h>

#define AT(S, member) offsetof(S, member)
#define ROW(S, key, number, inner, kind, member)                                                                       \
	{                                                                                                              \
		key, number, inner, kind, AT(S, member), ROW_NO_HAS, NULL                                              \
	}
#define NEED(S, key, number, inner, kind, member)                                                                      \
	{                                                                                                              \
		key, number, inner, kind, AT(S, member), ROW_ALWAYS, NULL                                              \
	}
#define WITH(S, key, number, inner, kind, member, has)                                                                 \
	{                                                                                                              \
		key, number, inner, kind, AT(S, member), AT(S, has), NULL                                              \
	}
#define BLOCK(S, key, number, member, block)                                                                           \
	{                                                                                                              \
		key, number, 0, ROW_BLOCK, AT(S, member), ROW_NO_HAS, block                                            \
	}
#define ROWS(name)                                                                                                     \
	{                                                                                                              \
		name, ARRAY_SIZE(name)                                                                                 \
	}

#define I struct proto_interface
static const struct row interface_rows[] = {
	NEED(I, 1, 1, 0, ROW_TEXT, interface), NEED(I, 2, 2, 0, ROW_TEXT, flags),
	ROW(I, 3, 3, 0, ROW_TEXT, hardware),   ROW(I, 4, 4, 0, ROW_TEXT, capture_interface),
	ROW(I, 5, 0, 0, ROW_TEXT, channel),    ROW(I, 6, 0, 0, ROW_LIST, channels),
};
const struct row_block row_interface = ROWS(interface_rows);

#define H struct proto_hop
static const struct row hop_rows[] = {
	WITH(H, 1, 2, 0, ROW_FLOAT, rate, has_rate),
	WITH(H, 2, 3, 0, ROW_BOOL, shuffle, has_shuffle),
	ROW(H, 3, 4, 0, ROW_U32, skip),
	ROW(H, 4, 5, 0, ROW_U32, offset),
	ROW(H, 5, 1, 0, ROW_LIST, channels),
	WITH(H, 6, 0, 0, ROW_BOOL, enabled, has_enabled),
};
static const struct row_block hop_block = ROWS(hop_rows);

#define G struct proto_gps
static const struct row gps_rows[] = {
	NEED(G, 1, 1, 0, ROW_DOUBLE, lat),     NEED(G, 2, 2, 0, ROW_DOUBLE, lon), NEED(G, 3, 3, 0, ROW_FLOAT, alt_m),
	NEED(G, 4, 7, 0, ROW_U32, fix),        ROW(G, 5, 4, 0, ROW_FLOAT, speed), ROW(G, 6, 5, 0, ROW_FLOAT, heading),
	ROW(G, 7, 6, 0, ROW_FLOAT, precision), NEED(G, 8, 8, 0, ROW_U64, sec),    NEED(G, 9, 9, 0, ROW_U32, usec),
	ROW(G, 10, 10, 0, ROW_TEXT, type),     ROW(G, 11, 11, 0, ROW_TEXT, name), ROW(G, 12, 0, 0, ROW_TEXT, uuid),
};
static const struct row_block gps_block = ROWS(gps_rows);

#define S struct proto_signal
static const struct row signal_rows[] = {
	WITH(S, 1, 1, 0, ROW_I32, dbm, has_dbm), WITH(S, 2, 2, 0, ROW_I32, noise_dbm, has_noise),
	ROW(S, 3, 3, 0, ROW_U32, rssi),          ROW(S, 4, 4, 0, ROW_U32, noise_rssi),
	ROW(S, 5, 5, 0, ROW_U64, freq_khz),      ROW(S, 6, 7, 0, ROW_U64, rate),
	ROW(S, 7, 6, 0, ROW_TEXT, channel),
};
static const struct row_block signal_block = ROWS(signal_rows);

#define P struct proto_packet
static const struct row packet_rows[] = {
	NEED(P, 1, 3, 0, ROW_U32, dlt),
	WITH(P, 2, 1, 0, ROW_U64, sec, has_time),
	WITH(P, 3, 2, 0, ROW_U32, usec, has_time),
	ROW(P, 4, 4, 0, ROW_U32, length),
	NEED(P, 6, 5, 0, ROW_OCTETS, data),
};
static const struct row_block packet_block = ROWS(packet_rows);

#define J struct proto_json
static const struct row json_rows[] = {
	NEED(J, 1, 3, 0, ROW_TEXT, type),
	WITH(J, 2, 1, 0, ROW_U64, sec, has_time),
	WITH(J, 3, 2, 0, ROW_U32, usec, has_time),
	NEED(J, 4, 4, 0, ROW_TEXT, text),
};
static const struct row_block json_block = ROWS(json_rows);

#define L struct proto_loss
static const struct row loss_rows[] = {
	NEED(L, 1, 1, 0, ROW_U64, captured),
	NEED(L, 2, 2, 0, ROW_U64, kernel),
	NEED(L, 3, 3, 0, ROW_U64, helper),
};
static const struct row_block loss_block = ROWS(loss_rows);

#define M struct proto_message
/* How a report of the older versions begins. */
#define SUCCESS NEED(M, 0, 1, 1, ROW_BOOL, success), NEED(M, 1, 1, 2, ROW_U32, request)
static const struct row register_rows[] = {NEED(M, 1, 1, 0, ROW_TEXT, text)};
static const struct row pong_rows[] = {NEED(M, 0, 1, 0, ROW_U32, request)};
static const struct row message_rows[] = {NEED(M, 1, 1, 0, ROW_U32, flags), NEED(M, 2, 2, 0, ROW_TEXT, text)};
static const struct row error_rows[] = {NEED(M, 0, 1, 1, ROW_BOOL, success), NEED(M, 0, 1, 2, ROW_U32, request),
					NEED(M, 1, 2, 2, ROW_TEXT, text)};
static const struct row definition_rows[] = {NEED(M, 1, 1, 0, ROW_TEXT, definition)};
static const struct row probe_report_rows[] = {
	SUCCESS,
	BLOCK(M, 2, 0, interface, &row_interface),
	ROW(M, 0, 3, 1, ROW_LIST, interface.channels),
	ROW(M, 0, 4, 1, ROW_TEXT, interface.channel),
	ROW(M, 0, 6, 0, ROW_TEXT, interface.hardware),
	ROW(M, 3, 2, 2, ROW_TEXT, text),
};
static const struct row open_report_rows[] = {
	SUCCESS,
	WITH(M, 2, 2, 0, ROW_U32, dlt, has_dlt),
	ROW(M, 3, 3, 0, ROW_TEXT, capture_interface),
	ROW(M, 4, 4, 1, ROW_LIST, channels),
	ROW(M, 5, 5, 1, ROW_TEXT, channel),
	BLOCK(M, 6, 6, hop, &hop_block),
	ROW(M, 7, 7, 0, ROW_TEXT, hardware),
	ROW(M, 8, 10, 0, ROW_TEXT, uuid),
	ROW(M, 9, 8, 2, ROW_TEXT, text),
	ROW(M, 10, 0, 0, ROW_TEXT, version),
	ROW(M, 0, 11, 0, ROW_TEXT, warning),
};
static const struct row list_report_rows[] = {
	SUCCESS,
	{.key = 2,
	 .number = 3,
	 .kind = ROW_INTERFACES,
	 .offset = AT(M, interfaces),
	 .has = ROW_NO_HAS,
	 .block = &row_interface},
	ROW(M, 3, 2, 2, ROW_TEXT, text),
	ROW(M, 4, 0, 0, ROW_TEXT, version),
};
static const struct row data_rows[] = {
	BLOCK(M, 1, 1, gps, &gps_block),       BLOCK(M, 2, 4, signal, &signal_block),
	BLOCK(M, 4, 3, packet, &packet_block), BLOCK(M, 5, 7, json, &json_block),
	ROW(M, 0, 2, 2, ROW_TEXT, text),       ROW(M, 0, 6, 0, ROW_TEXT, warning),
	BLOCK(M, 100, 100, loss, &loss_block), /* ours; others pass over it */
};
static const struct row configure_rows[] = {
	ROW(M, 1, 1, 1, ROW_TEXT, channel),
	BLOCK(M, 2, 2, hop, &hop_block),
};
static const struct row configure_report_rows[] = {
	SUCCESS,
	ROW(M, 2, 2, 1, ROW_TEXT, channel),
	BLOCK(M, 3, 3, hop, &hop_block),
	ROW(M, 4, 4, 2, ROW_TEXT, text),
	ROW(M, 0, 5, 0, ROW_TEXT, warning),
};
static const struct row new_source_rows[] = {
	NEED(M, 1, 1, 0, ROW_TEXT, definition), NEED(M, 2, 2, 0, ROW_TEXT, source_type),
	NEED(M, 3, 3, 0, ROW_TEXT, uuid), ROW(M, 100, 100, 0, ROW_TEXT, key), /* ours; others pass over it */
};
static const struct row warning_rows[] = {NEED(M, 0, 1, 0, ROW_TEXT, text)};
static const struct row event_register_rows[] = {ROW(M, 1, 1, 0, ROW_LIST, events)};
static const struct row event_rows[] = {NEED(M, 1, 1, 0, ROW_TEXT, text)};
static const struct row event_publish_rows[] = {NEED(M, 1, 1, 0, ROW_TEXT, source_type),
						NEED(M, 2, 2, 0, ROW_TEXT, text)};
static const struct row web_register_rows[] = {NEED(M, 1, 1, 0, ROW_TEXT, uri), NEED(M, 2, 2, 0, ROW_TEXT, method)};
static const struct row web_request_rows[] = {
	NEED(M, 1, 1, 0, ROW_U32, web_id),
	NEED(M, 2, 2, 0, ROW_TEXT, uri),
	NEED(M, 3, 3, 0, ROW_TEXT, method),
	ROW(M, 4, 4, 0, ROW_PAIRS, pairs),
};
static const struct row web_cancel_rows[] = {NEED(M, 1, 1, 0, ROW_U32, web_id)};
static const struct row web_response_rows[] = {
	NEED(M, 1, 1, 0, ROW_U32, web_id),    ROW(M, 2, 2, 0, ROW_PAIRS, pairs),
	ROW(M, 3, 3, 0, ROW_OCTETS, content), WITH(M, 4, 4, 0, ROW_U32, status, has_status),
	ROW(M, 5, 5, 0, ROW_BOOL, close),
};
static const struct row token_rows[] = {NEED(M, 1, 1, 0, ROW_TEXT, token)};

#define D(name) &norn__proto__##name##__descriptor
/* clang-format off */
static const struct row_message messages[] = {
	{.type = PROTO_REGISTER, .command = "REGISTER", .descriptor = D(register), .rows = ROWS(register_rows)},
	{.type = PROTO_PING, .command = "PING", .descriptor = D(empty)},
	{.type = PROTO_PONG, .command = "PONG", .descriptor = D(pong), .rows = ROWS(pong_rows)},
	{.type = PROTO_SHUTDOWN, .command = "SHUTDOWN", .descriptor = D(shutdown), .rows = ROWS(register_rows)},
	{.type = PROTO_MESSAGE, .command = "MESSAGE", .descriptor = D(message), .rows = ROWS(message_rows)},
	{.type = PROTO_ERROR, .command = "KDSERRORREPORT", .descriptor = D(error_report), .rows = ROWS(error_rows)},
	{.type = PROTO_PROBE, .command = "KDSPROBESOURCE", .descriptor = D(definition),
	 .rows = ROWS(definition_rows)},
	{.type = PROTO_PROBE_REPORT, .report = true, .command = "KDSPROBESOURCEREPORT",
	 .descriptor = D(probe_report), .rows = ROWS(probe_report_rows)},
	{.type = PROTO_OPEN, .command = "KDSOPENSOURCE", .descriptor = D(definition), .rows = ROWS(definition_rows)},
	{.type = PROTO_OPEN_REPORT, .report = true, .command = "KDSOPENSOURCEREPORT", .descriptor = D(open_report),
	 .rows = ROWS(open_report_rows)},
	{.type = PROTO_LIST, .command = "KDSLISTINTERFACES", .descriptor = D(empty)},
	{.type = PROTO_LIST_REPORT, .report = true, .command = "KDSINTERFACESREPORT", .descriptor = D(list_report),
	 .rows = ROWS(list_report_rows)},
	{.type = PROTO_PACKET, .command = "KDSDATAREPORT", .descriptor = D(data), .rows = ROWS(data_rows)},
	{.type = PROTO_CONFIGURE, .command = "KDSCONFIGURE", .descriptor = D(configure),
	 .rows = ROWS(configure_rows)},
	{.type = PROTO_CONFIGURE_REPORT, .report = true, .command = "KDSCONFIGUREREPORT",
	 .descriptor = D(configure_report), .rows = ROWS(configure_report_rows)},
	{.type = PROTO_NEW_SOURCE, .command = "KDSNEWSOURCE", .descriptor = D(new_source),
	 .rows = ROWS(new_source_rows)},
	{.type = PROTO_EVENT_REGISTER, .command = "EVENTBUSREGISTER", .descriptor = D(event_register),
	 .rows = ROWS(event_register_rows)},
	{.type = PROTO_EVENT, .command = "EVENT", .descriptor = D(event), .rows = ROWS(event_rows)},
	{.type = PROTO_EVENT_PUBLISH, .command = "EVENTBUSPUBLISH", .descriptor = D(event_publish),
	 .rows = ROWS(event_publish_rows)},
	{.type = PROTO_WEB_REGISTER, .command = "HTTPREGISTERURI", .descriptor = D(web_register),
	 .rows = ROWS(web_register_rows)},
	{.type = PROTO_WEB_REQUEST, .command = "HTTPREQUEST", .descriptor = D(web_request),
	 .rows = ROWS(web_request_rows)},
	{.type = PROTO_WEB_CANCEL, .command = "HTTPREQUESTCANCEL", .descriptor = D(web_cancel),
	 .rows = ROWS(web_cancel_rows)},
	{.type = PROTO_WEB_RESPONSE, .command = "HTTPRESPONSE", .descriptor = D(web_response),
	 .rows = ROWS(web_response_rows)},
	{.type = PROTO_WEB_AUTH, .command = "HTTPAUTHREQ", .descriptor = D(empty)},
	{.type = PROTO_WEB_AUTH_REPLY, .command = "HTTPAUTH", .descriptor = D(web_token), .rows = ROWS(token_rows)},
	{.type = PROTO_WARNING, .command = "KDSWARNINGREPORT", .descriptor = D(warning), .rows = ROWS(warning_rows)},
	{.type = PROTO_CLOSE, .command = "KDSCLOSESOURCE", .descriptor = D(empty)},
};
/* clang-format on */

const struct row_message *row_message_of_type(uint32_t type)
{
	for (size_t i = 0; i < ARRAY_SIZE(messages); i++)
		if (messages[i].type == type)
			return &messages[i];
	return NULL;
}

const struct row_message *row_message_of_command(const char *command)
{
	for (size_t i = 0; i < ARRAY_SIZE(messages); i++)
		if (strcmp(messages[i].command, command) == 0)
			return &messages[i];
	return NULL;
}
