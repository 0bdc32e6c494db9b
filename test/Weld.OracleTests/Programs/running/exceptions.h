struct Number { int value; };
struct Text { int length; };
struct Other { int value; };
struct Guard { int weight; ~Guard(); };
void thrower(int what);
