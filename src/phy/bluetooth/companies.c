/* Companies by the number in manufacturer data (Assigned Numbers 7), from the list that udev keeps current. It is read
 * at the first lookup, and kept. */
#include "phy/bluetooth/companies.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hwdb.h"
#include "base/mem.h"
#include "phy/bluetooth/bluetooth.h"

#define COMPANIES 65536

static char **names; /* of all numbers */
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* "v004C": the number in upper-case hex. */
static void take(const char *match, const char *value)
{
	unsigned long number;
	char *end;

	if (match[0] != 'v' || strlen(match) != 5)
		return;
	number = strtoul(match + 1, &end, 16);
	if (*end || number >= COMPANIES)
		return;
	free(names[number]);
	names[number] = xstrdup(value);
}

static void read_list(void)
{
	struct hwdb h = {.prefix = "bluetooth:", .key = "ID_VENDOR_FROM_DATABASE"};
	char path[HWDB_PATH_SIZE], line[HWDB_LINE_SIZE];
	FILE *f = hwdb_find("20-bluetooth-vendor-product.hwdb", path) ? fopen(path, "re") : NULL;
	const char *name;

	while (f && fgets(line, sizeof(line), f))
		if ((name = hwdb_line(&h, line)) != NULL)
			take(h.match, name);
	if (f)
		(void) fclose(f);
}

static void read_names(void)
{
	/* The most common ones, where there is no list. */
	static const struct {
		uint16_t number;
		const char *name;
	} few[] = {
		{0x0006, "Microsoft"},
		{0x004c, "Apple, Inc."},
		{0x0059, "Nordic Semiconductor ASA"},
		{0x0075, "Samsung Electronics Co. Ltd."},
		{0x0087, "Garmin International, Inc."},
		{0x00e0, "Google"},
		{0x0171, "Amazon Fulfillment Service"},
		{0x0499, "Ruuvi Innovations Ltd."},
	};

	names = xnew(char *, COMPANIES);
	for (size_t i = 0; i < ARRAY_SIZE(few); i++)
		names[few[i].number] = xstrdup(few[i].name);
	read_list();
}

const char *bluetooth_company(uint16_t number)
{
	(void) pthread_once(&once, read_names);
	return names[number];
}
