/* Handshakes and PMKIDs in hashcat's format 22000, by which a passphrase is found: lines of
 * WPA*01*PMKID*AP*CLIENT*NAME*** and WPA*02*MIC*AP*CLIENT*NAME*ANONCE*EAPOL*PAIR. What hcxpcapngtool (hcxtools 6.2)
 * makes of the same frames is the reference, in letter case too. */
#pragma once
#include "base/buf.h"
#include "phy/dot11/dot11.h"

/* Writes the lines of one client (NULL: of all) of an access point whose name is known and whose keys come of a
 * passphrase; nothing when there are none. The arena holds the frames meanwhile. */
void hc22000_write(const struct dot11_device *ap, const struct mac *client, struct arena *arena, struct buf *out);
