#include "serve/argument.h"

#include <stdio.h>
#include <string.h>

#include "base/mac.h"
#include "serve/private.h"
#include "serve/request.h"

static bool is_text(const struct json_in *v)
{
	char number[JSON_IN_NUMBER_SIZE];

	return json_in_text(v) || json_in_number_text(v, number);
}

static bool is_address(const struct json_in *v)
{
	const char *text = json_in_text(v);
	struct mac mac;

	return text && (!*text || mac_parse(text, strlen(text), &mac) >= 0);
}

static bool are_texts(const struct json_in *v)
{
	for (size_t i = 0; i < json_in_count(v); i++)
		if (!is_text(json_in_at(v, i)))
			return false;
	return json_in_is_list(v);
}

static bool fits(enum argument_type type, const struct json_in *v)
{
	double real;
	int64_t whole;

	switch (type) {
	case ARGUMENT_NAME: return json_in_text(v) != NULL;
	case ARGUMENT_TEXT: return is_text(v);
	case ARGUMENT_NUMBER: return json_in_real(v, &real);
	case ARGUMENT_WHOLE: return json_in_whole(v, &whole);
	case ARGUMENT_TRUTH: return json_in_may_be_truth(v);
	case ARGUMENT_ADDRESS: return is_address(v);
	case ARGUMENT_LIST: return json_in_is_list(v);
	case ARGUMENT_TEXTS: return are_texts(v);
	case ARGUMENT_OBJECT: return json_in_is_object(v);
	case ARGUMENT_ANY: return true;
	}
	return false;
}

const char *argument_words(enum argument_type type)
{
	static const char *const words[] = {
		[ARGUMENT_NAME] = "a text",         [ARGUMENT_TEXT] = "a text or a number",
		[ARGUMENT_NUMBER] = "a number",     [ARGUMENT_WHOLE] = "a whole number",
		[ARGUMENT_TRUTH] = "true or false", [ARGUMENT_ADDRESS] = "an address of the form AA:BB:CC:DD:EE:FF",
		[ARGUMENT_LIST] = "a list",         [ARGUMENT_TEXTS] = "a list of texts or numbers",
		[ARGUMENT_OBJECT] = "an object",    [ARGUMENT_ANY] = "a value",
	};

	return words[type];
}

/* A text may also be a form variable of its own. */
static bool is_variable(const struct request *rq, const struct argument *a)
{
	return (a->type == ARGUMENT_NAME || a->type == ARGUMENT_TEXT) && request_variable(rq, a->name);
}

unsigned arguments_refuse(struct request *rq)
{
	for (const struct argument *a = rq->match.route->arguments; a && a->name; a++) {
		const struct json_in *v = json_in_get(rq->command, a->name);

		if (a->unless && json_in_get(rq->command, a->unless))
			continue;
		if (v ? fits((enum argument_type) a->type, v) : !a->needed || is_variable(rq, a))
			continue;
		if (v)
			(void) snprintf(rq->reason, sizeof(rq->reason), "Invalid request: '%s' is %s.", a->name,
					argument_words((enum argument_type) a->type));
		else
			(void) snprintf(rq->reason, sizeof(rq->reason),
					"Invalid request: expected '%s' in the command: %s.", a->name,
					argument_words((enum argument_type) a->type));
		rq->sentence = rq->reason;
		return 400;
	}
	return 0;
}
