#include "territory/special.h"

#include <string.h>

const struct special special_blocks[] = {
    {"0.0.0.0", 8, N_("“this network”")},
    {"10.0.0.0", 8, N_("private use")},
    {"100.64.0.0", 10, N_("shared address space of carriers")},
    {"127.0.0.0", 8, N_("loopback")},
    {"169.254.0.0", 16, N_("link local")},
    {"172.16.0.0", 12, N_("private use")},
    {"192.0.0.0", 24, N_("IETF protocol assignments")},
    {"192.0.2.0", 24, N_("documentation")},
    {"192.31.196.0", 24, N_("AS112 anycast")},
    {"192.52.193.0", 24, N_("multicast tunnelling anycast")},
    {"192.88.99.0", 24, N_("6to4 relay anycast, deprecated")},
    {"192.168.0.0", 16, N_("private use")},
    {"192.175.48.0", 24, N_("AS112 anycast")},
    {"198.18.0.0", 15, N_("benchmarking")},
    {"198.51.100.0", 24, N_("documentation")},
    {"203.0.113.0", 24, N_("documentation")},
    {"224.0.0.0", 4, N_("multicast")},
    {"240.0.0.0", 4, N_("reserved")},
    {"255.255.255.255", 32, N_("limited broadcast")},
    {"::", 128, N_("unspecified")},
    {"::1", 128, N_("loopback")},
    {"64:ff9b::", 96, N_("IPv4/IPv6 translation")},
    {"64:ff9b:1::", 48, N_("IPv4/IPv6 translation, local")},
    {"100::", 64, N_("discard only")},
    {"100:0:0:1::", 64, N_("dummy prefix")},
    {"2001::", 23, N_("IETF protocol assignments")},
    {"2001:db8::", 32, N_("documentation")},
    {"2002::", 16, N_("6to4")},
    {"2620:4f:8000::", 48, N_("AS112 anycast")},
    {"3fff::", 20, N_("documentation")},
    {"5f00::", 16, N_("segment routing")},
    {"fc00::", 7, N_("unique local")},
    {"fe80::", 10, N_("link local")},
    {"ff00::", 8, N_("multicast")},
};
const size_t special_block_count = COUNT(special_blocks);

/* Bits of the prefix in the 16 bytes of a struct ip. */
static unsigned bits_of(const struct special *s) { return strchr(s->address, ':') ? s->bits : s->bits + 96; }

void special_range(const struct special *s, struct ip *first, struct ip *last) {
    bool good = ip_read(text_of(s->address), first);
    ASSERT(good);
    *last = *first;
    for (unsigned bit = bits_of(s); bit < 128; bit++) last->at[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
}

const struct special *special_find(struct ip a) {
    const struct special *found = NULL;
    for (size_t i = 0; i < special_block_count; i++) {
        struct ip first, last;
        special_range(&special_blocks[i], &first, &last);
        bool inside = ip_compare(first, a) <= 0 && ip_compare(a, last) <= 0;
        if (inside && (!found || bits_of(&special_blocks[i]) > bits_of(found))) found = &special_blocks[i];
    }
    return found;
}
