#ifndef COMMAND_STATUS_H
#define COMMAND_STATUS_H

/* Exit statuses of every command. */
enum exit_status {
    EXIT_DONE = 0,
    EXIT_INPUT = 1, /* the input has errors, or what was asked about does not hold */
    EXIT_USAGE = 2,
    EXIT_SYSTEM = 3 /* input, output or memory failed */
};
#endif
