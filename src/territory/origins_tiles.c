#include "territory/origins_tiles.h"

/* clang-format off */
static const char *const tiles[TILE_ROWS] = {
    ".. .. .. .. .. .. .. .. GL .. .. .. .. SJ",
    ".. CA .. .. .. .. PM .. .. IS .. FO .. NO SE FI AX .. RU",
    ".. US .. .. BM .. .. .. .. IE GB IM DK .. EE LV LT BY .. KZ .. MN",
    "UM MX .. BS TC .. .. .. .. GG JE NL BE DE PL CZ SK UA MD .. UZ KG CN KP .. JP",
    ".. GT BZ CU KY VG AI .. .. .. FR LU CH LI AT HU RO GE AZ TM TJ AF BT MO HK KR",
    ".. SV HN JM HT DO PR VI MF BL .. AD MC IT SI HR RS BG AM IR PK NP BD MM LA TW",
    ".. .. NI CR .. .. SX KN AG .. PT ES GI SM VA BA ME MK TR SY IQ IN LK TH VN PH",
    ".. .. .. PA AW CW BQ MS GP .. .. .. .. MT AL GR CY LB IL JO KW MV IO KH .. GU MP",
    ".. .. .. CO VE TT GD VC DM MQ .. MA DZ TN LY EG PS SA QA BH .. .. MY SG BN PW FM MH",
    ".. .. EC .. GY SR GF BB LC .. EH MR ML NE TD SD ER YE OM AE .. .. ID TL PG NR KI",
    ".. .. PE BR .. .. .. .. .. CV SN GM BF NG CM CF SS ET DJ .. .. CX CC .. SB TV TK",
    ".. .. BO PY .. .. .. .. .. .. GW GN CI GH TG BJ .. KE SO .. .. .. AU VU NC WF WS AS",
    ".. .. CL AR UY .. .. .. SH .. SL LR GQ GA CG CD UG .. .. SC .. .. .. NF FJ TO NU CK",
    ".. .. .. FK GS .. .. .. .. .. .. ST AO ZM RW BI TZ KM YT MU .. .. .. NZ .. PF PN",
    ".. .. .. .. .. .. .. .. .. .. .. .. NA BW ZW MW MZ MG RE",
    ".. .. .. .. .. .. .. .. BV .. .. .. .. ZA LS SZ .. .. TF HM",
    ".. .. .. .. .. .. .. .. .. .. .. AQ",
};
/* clang-format on */

struct country tile_country(unsigned row, unsigned column) {
    struct country of = {{0, 0}};
    size_t at = (size_t)column * 3;
    if (row < TILE_ROWS && at < strlen(tiles[row])) (void)iso3166_read((struct text){tiles[row] + at, 2}, &of);
    return of;
}
