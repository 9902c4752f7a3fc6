/* release|return INTERFACE: what the capture program would do; prints the outcome. For test_network_manager.py. */
#include <stdio.h>
#include <string.h>

#include "network_manager.h"

int main(int argc, char **argv)
{
	static const char *const outcomes[] = {"none", "released", "in use", "refused"};

	if (argc == 3 && strcmp(argv[1], "release") == 0)
		return puts(outcomes[network_manager_release(argv[2])]) < 0;
	if (argc != 3 || strcmp(argv[1], "return") != 0)
		return 2;
	network_manager_return(argv[2]);
	return 0;
}
