typedef struct Shape Shape;
struct Shape {
    const char *name;
    double size;
    double (*area)(const Shape *);
};
Shape make_square(double);
Shape make_circle(double);
void count_one(const char *what);
int made_count(void);
extern int trace_level;
