/* The least that any reader of a capture does: libpcap's loop, and nothing with the frames. */
#include <pcap/pcap.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	char why[PCAP_ERRBUF_SIZE];
	struct pcap_pkthdr *head;
	const u_char *bytes;
	unsigned long frames = 0;
	pcap_t *p;

	if (argc != 2) {
		(void) fprintf(stderr, "usage: pcap_loop FILE\n");
		return 2;
	}
	p = pcap_open_offline(argv[1], why);
	if (!p) {
		(void) fprintf(stderr, "%s\n", why);
		return 1;
	}
	while (pcap_next_ex(p, &head, &bytes) == 1)
		frames++;
	pcap_close(p);
	(void) printf("%lu\n", frames);
	return 0;
}
