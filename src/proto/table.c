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
	{2, 3, 0, ROW_INTERFACES, AT(M, interfaces), ROW_NO_HAS, &row_interface},
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
#define PLAIN                                                                                                          \
	{                                                                                                              \
		NULL, 0                                                                                                \
	}
static const struct row_message messages[] = {
	{PROTO_REGISTER, false, "REGISTER", D(register), ROWS(register_rows)},
	{PROTO_PING, false, "PING", D(empty), PLAIN},
	{PROTO_PONG, false, "PONG", D(pong), ROWS(pong_rows)},
	{PROTO_SHUTDOWN, false, "SHUTDOWN", D(shutdown), ROWS(register_rows)},
	{PROTO_MESSAGE, false, "MESSAGE", D(message), ROWS(message_rows)},
	{PROTO_ERROR, false, "KDSERRORREPORT", D(error_report), ROWS(error_rows)},
	{PROTO_PROBE, false, "KDSPROBESOURCE", D(definition), ROWS(definition_rows)},
	{PROTO_PROBE_REPORT, true, "KDSPROBESOURCEREPORT", D(probe_report), ROWS(probe_report_rows)},
	{PROTO_OPEN, false, "KDSOPENSOURCE", D(definition), ROWS(definition_rows)},
	{PROTO_OPEN_REPORT, true, "KDSOPENSOURCEREPORT", D(open_report), ROWS(open_report_rows)},
	{PROTO_LIST, false, "KDSLISTINTERFACES", D(empty), PLAIN},
	{PROTO_LIST_REPORT, true, "KDSINTERFACESREPORT", D(list_report), ROWS(list_report_rows)},
	{PROTO_PACKET, false, "KDSDATAREPORT", D(data), ROWS(data_rows)},
	{PROTO_CONFIGURE, false, "KDSCONFIGURE", D(configure), ROWS(configure_rows)},
	{PROTO_CONFIGURE_REPORT, true, "KDSCONFIGUREREPORT", D(configure_report), ROWS(configure_report_rows)},
	{PROTO_NEW_SOURCE, false, "KDSNEWSOURCE", D(new_source), ROWS(new_source_rows)},
	{PROTO_EVENT_REGISTER, false, "EVENTBUSREGISTER", D(event_register), ROWS(event_register_rows)},
	{PROTO_EVENT, false, "EVENT", D(event), ROWS(event_rows)},
	{PROTO_EVENT_PUBLISH, false, "EVENTBUSPUBLISH", D(event_publish), ROWS(event_publish_rows)},
	{PROTO_WEB_REGISTER, false, "HTTPREGISTERURI", D(web_register), ROWS(web_register_rows)},
	{PROTO_WEB_REQUEST, false, "HTTPREQUEST", D(web_request), ROWS(web_request_rows)},
	{PROTO_WEB_CANCEL, false, "HTTPREQUESTCANCEL", D(web_cancel), ROWS(web_cancel_rows)},
	{PROTO_WEB_RESPONSE, false, "HTTPRESPONSE", D(web_response), ROWS(web_response_rows)},
	{PROTO_WEB_AUTH, false, "HTTPAUTHREQ", D(empty), PLAIN},
	{PROTO_WEB_AUTH_REPLY, false, "HTTPAUTH", D(web_token), ROWS(token_rows)},
	{PROTO_WARNING, false, "KDSWARNINGREPORT", D(warning), ROWS(warning_rows)},
	{PROTO_CLOSE, false, "KDSCLOSESOURCE", D(empty), PLAIN},
};

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

