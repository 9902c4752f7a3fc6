/* Quick paths: code that leaves out work because its result is known already. A quick path changes what a frame
 * costs, never a record, an alert or a reply. Each has a row here and asks quick(), so that all can be turned off
 * here: then everything is worked out, and tests compare both ways (tests/unit/app/test_quick.c). */
#pragma once
#include <stdbool.h>
#include <stdint.h>

/* clang-format off */
/*	  id              name               what is left out */
#define QUICK_PATHS(X) \
	X(SAME_ELEMENTS,  "same_elements",   "Reading the elements of a network whose frame says what the one before did.") \
	X(TIM_ALONE,      "tim_alone",       "The same, where nothing but the traffic indication map differs.") \
	X(SAME_PROBE,     "same_probe",      "Hashing a station's fingerprint when its elements are those of its last probe.") \
	X(CHANNEL_NAMES,  "channel_names",   "Naming a frequency that the source was tuned to before.") \
	X(CHANNEL_NUMBERS, "channel_numbers", "Naming a channel by its number, when a frame of the source had it before.") \
	X(FIRST_NAME,     "first_name",      "Reading all of a kept beacon for its name, where that is its first element.") \
	X(KNOWN_ELEMENTS, "known_elements",  "Indexing the elements of a beacon or answer that differ from the last in the TIM alone.") \
	X(LOOKALIKES,     "lookalikes",      "Working out the skeleton of a name that was asked for before.") \
	X(QUIET_DATA,     "quiet_data",      "Showing a network to rules at data that none of them looks for.") \
	X(QUIET_CONTROL,  "quiet_control",   "Showing control frames to rules that ask for no time and for no buffered frames.") \
	X(ODD_ELEMENTS,   "odd_elements",    "Asking rules of odd elements about frames that have none.") \
	X(LINK_EVENTS,    "link_events",     "Asking rules of links about frames in which nothing happened.") \
	X(HELD_BACK,      "held_back",       "Writing alerts that the rates will hold back.") \
	X(AIRCRAFT,       "aircraft",        "Looking up an aircraft that was asked for before.")
/* clang-format on */

enum quick_path {
#define X(id, name, doc) QUICK_##id,
	QUICK_PATHS(X)
#undef X
		QUICK_COUNT
};

/* Private to these: a bit of each that is off. Written before other threads run, or by a test between two runs. */
extern uint32_t quick_paths_off;

/* Whether the path may be taken. Any thread. */
static inline bool quick(enum quick_path path)
{
	return !(quick_paths_off >> path & 1);
}
/* Turns one on or off; before other threads run. */
void quick_set(enum quick_path path, bool on);
const char *quick_name(enum quick_path path);
