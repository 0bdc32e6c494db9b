int order;
__attribute__((constructor)) static void late(void) { order = order * 10 + 3; }
__attribute__((constructor(200))) static void middle(void) { order = order * 10 + 2; }
__attribute__((constructor(101))) static void early(void) { order = order * 10 + 1; }
__attribute__((export_name("get_order"))) int get_order(void) { return order; }
