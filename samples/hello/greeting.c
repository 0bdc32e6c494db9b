/* Wins over the weak default in hello.c. */
const char *greeting(void)
{
    return "good morning";
}
