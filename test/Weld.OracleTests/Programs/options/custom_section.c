// A custom section in two objects: concatenated.
__asm__(".section .custom_section.notes,\"\",@\n.ascii \"first note;\"\n.section .text,\"\",@\n");
void noted(void) {}
