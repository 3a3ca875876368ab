#ifndef COMMAND_VERIFY_H
#define COMMAND_VERIFY_H
/*
 * `breakeven verify PAGE|report.json`: rebuilds a published report from the inputs that it carries and
 * names the first figure that differs. The price book and the policy are those of the project (or of
 * the installation); prices are taken as of the day that the report names, so that later prices do
 * not stand in the way. Where the book, the policy or the program is another one, that is said.
 */

int command_verify(int argc, char **argv);
#endif
