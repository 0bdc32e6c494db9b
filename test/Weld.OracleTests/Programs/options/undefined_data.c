extern int missing_data;
int helper_data(void) { return missing_data; }
void _start(void) { missing_data = helper_data() + 1; }
