/* An archive member that nothing needs. Its undefined reference would be an error if it were linked. */
extern void nobody_defines_this(void);

void nobody_calls_this(void)
{
    nobody_defines_this();
}
