#ifndef COMMAND_LIFECYCLE_H
#define COMMAND_LIFECYCLE_H
/*
 * `breakeven status SLUG STATE`: moves a decision through its life, in its file, of which nothing
 * else changes. A superseded decision and the one that supersedes it are changed together.
 */

int command_status(int argc, char **argv);
#endif
