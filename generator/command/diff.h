#ifndef COMMAND_DIFF_H
#define COMMAND_DIFF_H
/*
 * `breakeven diff`: what a change of prices, answers or policy does to the decisions, and which
 * dollar of it comes from where. Silent where nothing that matters moved.
 */

int command_diff(int argc, char **argv);
#endif
