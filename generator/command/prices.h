#ifndef COMMAND_PRICES_H
#define COMMAND_PRICES_H
/*
 * `breakeven prices list|show|import|check`: the price book on the terminal. Results go to standard
 * output, mistakes to standard error. `check` is one of the few commands that may read the clock:
 * today is
 * --today, else SOURCE_DATE_EPOCH, else the clock's day (UTC).
 */

/*
 * argv[0] is "prices", argv[1] the sub-command. The project is the current folder; its price book, or
 * else the installed one, unless --pricing names another. Returns the exit status: 0 done, 1 errors
 * in the book (or nothing of that name), 2 wrong usage, 3 the system.
 */
int command_prices(int argc, char **argv);
#endif
