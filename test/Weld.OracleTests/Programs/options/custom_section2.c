__asm__(".section .custom_section.notes,\"\",@\n.ascii \"second note;\"\n.section .custom_section.other,\"\",@\n.ascii \"other\"\n.section .text,\"\",@\n");
void noted_too(void) {}
