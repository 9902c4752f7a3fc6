#include "app/app.h"
#include "app/heap.h"

int main(int argc, char **argv)
{
	heap_tune(argv);
	return app_run(argc, argv);
}
