#include "node/date.h"

#include <curl/curl.h>
#include <stdio.h>
#include <time.h>

const char *http_date_write(instant at, char out[static HTTP_DATE_MAX]) {
    static const char days[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"},
                      months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    time_t seconds = (time_t)(at / INSTANT_SECOND);
    struct tm t;
    gmtime_r(&seconds, &t);
    snprintf(out, HTTP_DATE_MAX, "%s, %02d %s %04d %02d:%02d:%02d GMT", days[t.tm_wday % 7], t.tm_mday % 100,
             months[t.tm_mon % 12], (t.tm_year + 1900) % 10000, t.tm_hour % 100, t.tm_min % 100, t.tm_sec % 100);
    return out;
}

bool http_date_ahead(const char *date, instant now, instant *ahead) {
    time_t told = date[0] ? curl_getdate(date, NULL) : -1;
    if (told < 0 || told > INT64_MAX / INSTANT_SECOND) return false;
    *ahead = (instant)told * INSTANT_SECOND - now;
    return true;
}
