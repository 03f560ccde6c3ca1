/* Lists of addresses, as people and others keep them: relays and exits, shared addresses, scanners, resolvers.
 *
 * A list is text, an entry a line: an address, a block (192.0.2.0/24) or a range (192.0.2.0-192.0.2.9), and behind a
 * blank, a comma or a semicolon what it is, in words.  Lines that begin with # or ; are comments.  Of Tor's list of
 * exits
 * (`exit-addresses`) the lines `ExitAddress` are read and its other lines passed over.  Of JSON, as clouds publish
 * their ranges and MISP its warning lists, each text that is an address, a block or a range is an entry, whatever its
 * name is; its words are the `name` or `service` nearest around it.
 *
 * Limits: ADDRESS_LIST_MAX_BYTES; ADDRESS_LIST_WORDS_MAX bytes of words.  Ownership: what is read lives in the arena.
 */
#ifndef PARLEY_TERRITORY_ADDRESS_LIST_H
#define PARLEY_TERRITORY_ADDRESS_LIST_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/ip.h"

enum { ADDRESS_LIST_MAX_BYTES = 64 << 20, ADDRESS_LIST_WORDS_MAX = 200 };

struct listed {
    struct ip first, last;
    struct text words; /* empty: none */
    uint32_t around;   /* from 1: the entry before it that ends later; 0: none */
};

struct listed_file {
    struct text name; /* without folders */
    struct sha256 hash;
};

struct address_list {
    struct text name;        /* of the file, without folders; the caller's */
    struct sha256 hash;      /* of its bytes */
    const struct listed *at; /* by first address; of one first address the larger range first */
    size_t count;
    const struct listed_file *files; /* it was read of, where the caller says so */
    size_t file_count;
};

/* ERR_INPUT with the line. */
enum error address_list_read(struct bytes b, struct arena *a, struct address_list *out, struct diag *d) MUST_USE;
/* Whether the bytes are JSON, and so what address_list_lines is for. */
bool address_list_is_json(struct bytes b);
/* Appends JSON's entries as lines.  ERR_INPUT where it can't be read, or has none. */
enum error address_list_lines(struct bytes json, struct buf *out, struct diag *d) MUST_USE;
/* The entry that holds an address, of several the one that begins last; NULL: none.  `l` may be NULL. */
const struct listed *address_list_find(const struct address_list *l, struct ip a);

#endif
