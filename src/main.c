#include <fcntl.h>
#include <unistd.h>

#include "app/app.h"
#include "app/heap.h"

/* What was started without standard input, output or error must not take a file of its own for one. */
static void hold_standard_streams(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		(void) close(fd);
}

int main(int argc, char **argv)
{
	hold_standard_streams();
	heap_tune(argv);
	return app_run(argc, argv);
}
