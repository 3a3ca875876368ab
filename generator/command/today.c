#include "command/today.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <time.h>

#define SECONDS_A_DAY 86400

bool today_find(const char *option, struct date *out)
{
    const char *epoch = getenv("SOURCE_DATE_EPOCH");
    if (option)
        return date_parse(str_of(option), out);
    if (epoch && *epoch) {
        char *end;
        errno = 0;
        long long seconds = strtoll(epoch, &end, 10);
        if (errno != 0 || *end != '\0' || seconds < 0 || seconds / SECONDS_A_DAY > INT_MAX / 2)
            return false;
        out->days = (int32_t)(seconds / SECONDS_A_DAY);
        return true;
    }
    struct timespec now;
    if (clock_gettime(CLOCK_REALTIME, &now) != 0)
        return false;
    out->days = (int32_t)(now.tv_sec / SECONDS_A_DAY);
    return true;
}
