#ifndef COST_HARDWARE_H
#define COST_HARDWARE_H
/*
 * How much longer or shorter a request takes on other hardware than the one it was measured on, from
 * measured throughput (pricing/throughput.json). Never guessed: without a common measurement the two
 * are "not comparable".
 */
#include "pricing/book.h"

#include <stdbool.h>

struct hardware_ratio {
    bool known;
    bool is_stated;    /* the stated hardware itself: the ratio is exactly 1 */
    bool by_family;    /* from results of the model's own family; else the median over all families */
    double time_low, time_likely, time_high; /* service time there over service time stated */
    struct str source; /* of one of the results behind it */
};

/*
 * `from` and `to` are hardware ids; vcpu is what the stated time was measured with when `from` is
 * "cpu", and vcpu_to what a replica has there when `to` is "cpu".
 */
struct hardware_ratio hardware_ratio(const struct book *book, struct str family, struct str from,
                                     double vcpu, struct str to, double vcpu_to);
#endif
