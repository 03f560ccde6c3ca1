/* The language of the program: that of the environment, also where the system has no locale for it. */
#include <libintl.h>
#include <locale.h>
#include <stdlib.h>

#include "cli/cli.h"

/* What the environment asks for, in the order that POSIX gives; NULL where it asks for nothing. */
static const char *wanted(void) {
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < COUNT(names); i++) {
        const char *value = getenv(names[i]);
        if (value && *value) return value;
    }
    return NULL;
}

/* gettext translates in no locale named C, and a bare system has no other than C.UTF-8.  There the language asked for
 * is handed to gettext by LANGUAGE, which needs no locale of its own.  A C that is asked for by name stays C. */
void cli_language(void) {
    const char *locale = wanted(), *folder = getenv("PARLEY_LOCALES");
    bool known = setlocale(LC_ALL, "") != NULL;
    if (!known && locale) setenv("LANGUAGE", locale, 0);
    if (!known || !locale) setlocale(LC_ALL, "C.UTF-8");
    setlocale(LC_NUMERIC, "C");
    bindtextdomain("parley", folder ? folder : PARLEY_LOCALES);
    bind_textdomain_codeset("parley", "UTF-8");
    bind_textdomain_codeset("iso_3166", "UTF-8"); /* names of countries, of Debian's iso-codes */
    textdomain("parley");
}

/* setlocale has gettext look up anew what it had found in the language before. */
const char *cli_speak(struct arena *a, const char *language) {
    static const char name[] = "LANGUAGE";
    const char *set = getenv(name);
    char *before = set ? arena_string(a, text_of(set)) : NULL;
    if (language && *language)
        setenv(name, language, 1);
    else
        unsetenv(name);
    setlocale(LC_MESSAGES, setlocale(LC_MESSAGES, NULL));
    return before;
}
