// The main module of a dynamic link: it uses a side module, and the side module uses it.
extern int side_value;
extern int side_sum(int);
extern int side_apply(int (*function)(int), int argument);
extern int (*side_function(void))(int);
extern int *side_table(void);
extern int side_was_constructed;

int main_value = 100;
static int secret = 7;
int main_numbers[3] = {1, 2, 3};
int *main_pointer = &main_numbers[1];

int main_double(int x) { return x * 2; }
static int add_secret(int x) { return x + secret; }
int (*main_functions[2])(int) = {main_double, add_secret};

__attribute__((visibility("default"))) int run(int test) {
    switch (test) {
    case 0: return side_sum(1);                                    // a call, with data of both modules
    case 1: return side_apply(add_secret, 5);                      // a function pointer of a static function goes over
    case 2: return side_function()(10);                            // a function pointer comes back
    case 3: return side_table()[2] + *main_pointer;                // a data address comes back
    case 4: return side_apply(main_functions[0], 21);              // through initialised data
    case 5: return side_function() == side_function();             // one function, one address
    case 6: side_value = 55; return side_sum(0);                   // a variable of the other module is written
    default: return side_was_constructed;
    }
}
