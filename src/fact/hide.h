/* What is hidden of facts and of the lines behind them, before either is committed to.
 *
 * A value that is hidden is replaced by a token: the same for the same value and key, and of no use without the key for
 * anything but telling values apart.  The token is made of HMAC-SHA-256(key, "parley hidden v1" LF, field, LF, value):
 *
 *     user, object   hidden-<20 hexadecimal digits>, behind the object's kind; a sha256: says little and stays
 *     dst_ip         an address in 100::/64 (RFC 6666: nothing is ever sent there), of the first 64 bits
 *
 * `user` covers objects that are accounts.  In the line, each place where the value stands as it is gets the token,
 * also where it stands by chance.  Where a value that is hidden is not found in its line (it is put together, or
 * written in another way), the line as a whole is replaced by hidden-line-<20 digits>: nothing of it is shown.
 * Spellings of a value elsewhere in a line, as an address in a host's name, can't be known; who discloses a line looks
 * at it first. A source is never hidden: a claim without it could not be checked. */
#ifndef PARLEY_FACT_HIDE_H
#define PARLEY_FACT_HIDE_H

#include "base/buf.h"
#include "base/hash.h"
#include "line/formats.h"

enum { HIDE_USER = 1, HIDE_DST = 2, HIDE_OBJECT = 4 };
enum { HIDE_KEY_SIZE = 32 };

struct hide {
    unsigned what; /* a set of HIDE_… ; 0: nothing is hidden */
    uint8_t key[HIDE_KEY_SIZE];
};
/* `user,dst_ip,object`, each once. */
bool hide_read(struct text list, unsigned *what);

enum { HIDDEN_TOKENS = 512, HIDDEN_ADDRESSES = 256, HIDDEN_VALUE_MAX = 64, HIDDEN_TOKEN_MAX = 80 };
struct hidden_token { /* made before: a word for the field, LF and the value, as they are hashed */
    uint8_t size, token_size;
    char value[HIDDEN_VALUE_MAX], token[HIDDEN_TOKEN_MAX];
};
struct hidden_address {
    bool set;
    struct ip of, token;
    uint8_t of_size, token_size;
    char of_text[IP_TEXT_MAX], token_text[IP_TEXT_MAX];
};

struct hidden { /* of one thing at a time, under one struct hide; {0} at its start, hidden_free at its end */
    struct observation observation;
    struct text line;
    bool whole;           /* the line as a whole was replaced */
    uint64_t whole_count; /* of all lines so far */
    char object[OBJECT_MAX];
    struct buf text;
    bool keyed;
    struct hmac_key key;
    struct hidden_token tokens[HIDDEN_TOKENS]; /* the same value comes often */
    struct hidden_address addresses[HIDDEN_ADDRESSES];
};
/* `l`: the users that the line names. */
void hidden_make(struct hidden *h, const struct hide *hide, const struct logins *l, const struct observation *o,
                 struct text line);
void hidden_free(struct hidden *h);
/* Whether an address or an object stands for one that is hidden: it can't be sought in anyone's records. */
bool hidden_is_address(struct ip a);
bool hidden_is_object(struct text object);

#endif
