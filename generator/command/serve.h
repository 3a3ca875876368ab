#ifndef COMMAND_SERVE_H
#define COMMAND_SERVE_H
/*
 * `breakeven serve`: builds the site, serves it on 127.0.0.1, builds it again when content, prices,
 * policy or templates change, and reloads the pages that are open. A build that fails leaves the last
 * good site in place and shows what is wrong. Ends on SIGINT or SIGTERM with status 0.
 */
int command_serve(int argc, char **argv);
#endif
