/* Countries and territories by their ISO 3166-1 alpha-2 codes, as officially assigned.
 *
 * The English short names are those of Debian's iso-codes and are its message ids: where the gettext domain `iso_3166`
 * is bound, dgettext("iso_3166", name) translates them.  EU, AP, ZZ, XK, `??` and the
 * withdrawn or reserved codes (AN, CS, UK), which tables of addresses use, are assigned to no country. */
#ifndef PARLEY_VOCAB_ISO3166_H
#define PARLEY_VOCAB_ISO3166_H

#include "base/text.h"

struct country { /* a code in two bytes, or {0, 0} for none */
    char at[2];
};

extern const size_t iso3166_count;
struct iso3166_row {
    char code[3];
    const char *name;
};
extern const struct iso3166_row iso3166_rows[]; /* sorted by code */

/* Two capital letters that ISO has assigned. */
bool iso3166_read(struct text t, struct country *out);
static inline bool country_is_none(struct country c) { return !c.at[0]; }
static inline bool country_equal(struct country a, struct country b) {
    return a.at[0] == b.at[0] && a.at[1] == b.at[1];
}
/* The English short name; NULL where the code is not assigned. */
const char *iso3166_name(struct country c);

#endif
