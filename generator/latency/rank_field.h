#ifndef LATENCY_RANK_FIELD_H
#define LATENCY_RANK_FIELD_H
/*
 * Ranks of the cold-start ladder (latency/coldstart.h) at large loads, without solving for them: the slowest rate
 * theta at which a rank's gaps end, and the share kappa of the gaps that do so. Counted in standard deviations
 * of the load, u = (rank - load) / sqrt(load), both tend to a limit as the load grows and differ from it by a smooth
 * function of 1 / sqrt(load); so a table over u and the load gives them all.
 *
 * Validity: loads of 45 erlang and more, u from RANK_FIELD_FROM up. Against the solved ladder theta is within 0.15 %,
 * from 80 erlang on within 0.05 %, kappa within 0.1 %, where a rank matters (u up to 6). Pure; nothing is kept.
 * Source: the ladder itself at the loads of the table, see rank_field.c.
 */
#define RANK_FIELD_LOADS 10
#define RANK_FIELD_POINTS 39
#define RANK_FIELD_FROM (-4.0) /* u of the first point; the others a third apart, up to 8 2/3 */
#define RANK_FIELD_STEP (1.0 / 3.0)

/* The ranks of one load. */
struct rank_field {
    double load, deviation;
    double log_rate[RANK_FIELD_POINTS], log_share[RANK_FIELD_POINTS];
};

/* `load` in erlang, at least 36. */
void rank_field_init(struct rank_field *f, double load);
/* theta in units of the mean service time. Beyond the last point the cubic through the last four goes on. */
void rank_field_get(const struct rank_field *f, double rank, double *log_rate, double *log_share);
/* Lowest rank that is far enough from the first point to be read. */
double rank_field_first(const struct rank_field *f);

#endif
