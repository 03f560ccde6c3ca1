#include "vocab/tlp.h"

/* Ids: OASIS common object repository, extension-definition 60a3c5c5-0d10-413e-aab3-9e08dde9e88d. */
static const struct {
    const char *name, *marking;
} levels[TLP_COUNT] = {
    [TLP_CLEAR] = {"CLEAR", "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487"},
    [TLP_GREEN] = {"GREEN", "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"},
    [TLP_AMBER] = {"AMBER", "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421"},
    [TLP_AMBER_STRICT] = {"AMBER+STRICT", "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003"},
    [TLP_RED] = {"RED", "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"},
};

bool tlp_read(struct text t, enum tlp *out) {
    for (int i = 0; i < TLP_COUNT; i++)
        if (text_is(t, levels[i].name)) {
            *out = (enum tlp)i;
            return true;
        }
    return false;
}

const char *tlp_name(enum tlp level) { return levels[level].name; }
const char *tlp_marking_id(enum tlp level) { return levels[level].marking; }
