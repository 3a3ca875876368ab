#ifndef COMMAND_BUILD_H
#define COMMAND_BUILD_H
/* `breakeven build`: questionnaires and prices to the whole site. Returns the exit status. */
int command_build(int argc, char **argv);
#endif
