#ifndef COMMAND_CHECK_H
#define COMMAND_CHECK_H
/*
 * `breakeven check [WORKLOAD...]`: everything that `build` would read is read, analysed and rendered,
 * and nothing is written. Passed review dates and tripped wires are warnings. Returns the exit
 * status.
 */
int command_check(int argc, char **argv);
#endif
