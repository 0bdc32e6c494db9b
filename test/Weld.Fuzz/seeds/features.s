# What C does not make: tables, globals, a tag, imports and exports by name, custom sections, a COMDAT group.
	.globaltype	__stack_pointer, i32
	.globaltype	own_global, i32
	.globaltype	imported_global, i32, immutable
	.tabletype	own_table, funcref
	.tabletype	externs, externref
	.tabletype	__indirect_function_table, funcref
	.tagtype	own_tag i32
	.functype	imported_function (i32, i64) -> (f32)
	.functype	helper (i32) -> (i32)
	.functype	grouped () -> (i32)
	.functype	exported (i32) -> (i32)
	.functype	construct () -> ()
	.functype	_start () -> ()
	.import_module	imported_function, host
	.import_name	imported_function, call
	.import_module	imported_global, host
	.import_name	imported_global, limit

	.section	.text.helper,"",@
	.type	helper,@function
helper:
	.functype	helper (i32) -> (i32)
	local.get	0
	i32.const	1
	i32.add
	end_function

	.section	.text.grouped,"G",@,grouped,comdat
	.weak	grouped
	.type	grouped,@function
grouped:
	.functype	grouped () -> (i32)
	i32.const	text
	i32.load	table_of_addresses+4
	end_function

	.section	.text.exported,"",@
	.globl	exported
	.type	exported,@function
	.export_name	exported, renamed_export
exported:
	.functype	exported (i32) -> (i32)
	.local	i64, f32
	global.get	__stack_pointer
	i32.const	16
	i32.sub
	global.set	own_global
	local.get	0
	i32.const	0
	i32.eqz
	if
	local.get	0
	throw	own_tag
	end_if
	i32.const	helper
	call_indirect	(i32) -> (i32)
	call	grouped
	i32.add
	local.get	0
	i64.const	5
	call	imported_function
	drop
	global.get	imported_global
	i32.add
	i32.const	0
	i32.const	0
	table.get	own_table
	table.set	own_table
	end_function

	.section	.text.construct,"",@
	.type	construct,@function
construct:
	.functype	construct () -> ()
	i32.const	1
	call	exported
	drop
	end_function

	.section	.text._start,"",@
	.globl	_start
	.type	_start,@function
_start:
	.functype	_start () -> ()
	i32.const	4
	call	helper
	call	exported
	i32.const	zeros
	i32.store	0
	end_function

	.globl	own_global
own_global:
	.globl	own_table
own_table:
	.globl	externs
externs:
	.globl	own_tag
own_tag:

	.section	.rodata..Lstrings,"S",@
text:
	.asciz	"some text"
	.size	text, 10
other_text:
	.asciz	"text"
	.size	other_text, 5

	.section	.data.addresses,"",@
	.p2align	3
	.globl	table_of_addresses
	.type	table_of_addresses,@object
table_of_addresses:
	.int32	text
	.int32	other_text+2
	.int32	helper
	.int32	table_of_addresses+4
	.size	table_of_addresses, 16

	.section	.bss.zeros,"",@
	.p2align	4
	.type	zeros,@object
zeros:
	.skip	64
	.size	zeros, 64

	.section	.init_array.7,"",@
	.p2align	2
	.int32	construct

	.section	.custom_section.note,"",@
	.ascii	"a note"

	.section	.custom_section.debug_like,"",@
	.int32	0
