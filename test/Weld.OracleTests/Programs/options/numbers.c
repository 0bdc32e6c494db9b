__attribute__((section("my_numbers"), used)) int third_number = 3;
__attribute__((section("my_numbers"), used, retain)) int fourth_number = 4;
