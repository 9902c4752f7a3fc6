/* Rings of values by time: the value of moment t is in slot t % n. */
#pragma once
#include <stddef.h>
#include <stdint.h>

/* Empties the slots of the moments after `from` up to `to`: none when `to` is not later, each once when a whole turn
 * has passed. Any two moments, also the last that there are. */
static inline void slots_blank(float *v, uint32_t n, uint32_t from, uint32_t to)
{
	uint32_t many = to > from ? to - from : 0;

	for (uint32_t i = 0; i < many && i < n; i++)
		v[(to - i) % n] = 0;
}
