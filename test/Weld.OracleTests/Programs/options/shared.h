int helper(int);
extern int counter;
extern const char *message;
