#include "number/date.h"

#include "base/strbuf.h"

#include <stddef.h>

#define DAYS_PER_ERA 146097 /* 400 years of the Gregorian calendar */
#define EPOCH_SHIFT 719468  /* from 0000-03-01 to 1970-01-01 */

bool date_is_none(struct date d)
{
    return d.days == INT32_MIN;
}

static int days_in_month(int year, int month)
{
    static const int DAYS[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return DAYS[month - 1] + (month == 2 && leap);
}

/* Years run from March to February, so that the leap day is the last; the lengths of the months
 * from March on then repeat as 31, 30, 31, 30, 31, which (153 m + 2) / 5 sums up. */
struct date date_civil(int year, int month, int day)
{
    if (month <= 2)
        year--;
    int era = (year >= 0 ? year : year - 399) / 400;
    int year_of_era = year - era * 400;
    int month_from_march = (month + 9) % 12;
    int day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return (struct date){era * DAYS_PER_ERA + day_of_era - EPOCH_SHIFT};
}

bool date_parse(struct str text, struct date *out)
{
    if (text.n != 10)
        return false;
    int field[3] = {0, 0, 0};
    for (size_t i = 0, k = 0; i < text.n; i++) {
        char c = text.s[i];
        if (i == 4 || i == 7) {
            if (c != '-')
                return false;
            k++;
        } else if (c < '0' || c > '9') {
            return false;
        } else {
            field[k] = field[k] * 10 + (c - '0');
        }
    }
    if (field[0] < 1 || field[1] < 1 || field[1] > 12 || field[2] < 1 ||
        field[2] > days_in_month(field[0], field[1]))
        return false;
    *out = date_civil(field[0], field[1], field[2]);
    return true;
}

void date_add(struct strbuf *sb, struct date d)
{
    if (date_is_none(d)) {
        strbuf_adds(sb, "unknown");
        return;
    }
    int days = d.days + EPOCH_SHIFT;
    int era = (days >= 0 ? days : days - (DAYS_PER_ERA - 1)) / DAYS_PER_ERA;
    int day_of_era = days - era * DAYS_PER_ERA;
    /* Take out the leap days of 4 and 400 years, put back those left out every 100. */
    int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) /
                      365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int month_from_march = (5 * day_of_year + 2) / 153;
    int day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    int month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
    int year = year_of_era + era * 400 + (month <= 2);
    strbuf_addf(sb, "%04d-%02d-%02d", year, month, day);
}

int date_compare(struct date a, struct date b)
{
    return (a.days > b.days) - (a.days < b.days);
}
