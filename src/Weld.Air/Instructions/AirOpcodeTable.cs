using System.Collections.Frozen;
using static Weld.Air.Instructions.AirOpcode;
using C = Weld.Air.Instructions.SubjectClass;
using F = Weld.Air.Instructions.OpcodeFlags;
using G = Weld.Air.Instructions.OpcodeGroup;
using K = Weld.Air.Instructions.OperandKind;
using R = Weld.Air.Instructions.ResultRule;
using T = Weld.Air.Instructions.OperandTypeRule;
using W = Weld.Air.Instructions.WrittenType;

namespace Weld.Air.Instructions;

/// <summary>Every fact about every instruction. The builder, the text form, the verifier, codegen and docs/air.md all read these rows.</summary>
/// <remarks>"Illegal" means that the program must not do it, and that whoever makes the program has to check for it where that
/// is not certain: the interpreter reports it, and compiled code may do anything that wasm lets it do. What the instructions with
/// _safe check, they trap on.</remarks>
public static class AirOpcodeTable
{
    private const C Comparable = C.Number | C.Bool | C.Pointer | C.Enum | C.ErrorSet | C.Optional | C.Scalar;
    private const C Exchangeable = C.Integer | C.Pointer | C.Bool | C.Enum | C.ErrorSet | C.Optional | C.Scalar;
    private const C Switchable = C.Integer | C.Bool | C.Enum | C.ErrorSet | C.Scalar;

    private static readonly OperandSpec X = new("x", K.Value, T.Subject);
    private static readonly OperandSpec Y = new("y", K.Value, T.Subject);
    private static readonly OperandSpec Z = new("z", K.Value, T.Subject);
    private static readonly OperandSpec From = new("x", K.Value, T.Any);
    private static readonly OperandSpec Amount = new("amount", K.Value, T.ShiftAmount);
    private static readonly OperandSpec Condition = new("condition", K.Value, T.SubjectBools);
    private static readonly OperandSpec At = new("index", K.Value, T.Usize);
    private static readonly OperandSpec Pointer = new("pointer", K.Value, T.Any);
    private static readonly OperandSpec Destination = new("destination", K.Value, T.Any);
    private static readonly OperandSpec Source = new("source", K.Value, T.Any);
    private static readonly OperandSpec Stored = new("value", K.Value, T.Pointee);
    private static readonly OperandSpec Filling = new("value", K.Value, T.PointeeElement);
    private static readonly OperandSpec Returned = new("result", K.Value, T.FunctionResult);
    private static readonly OperandSpec Callee = new("function", K.Value, T.Any);
    private static readonly OperandSpec Arguments = new("arguments", K.Values, T.Parameters);
    private static readonly OperandSpec Index = new("number", K.Number);
    private static readonly OperandSpec Memory = new("memory", K.Number);
    private static readonly OperandSpec Order = new("order", K.MemoryOrder);
    private static readonly OperandSpec Comparison = new("operator", K.CompareOperator);
    private static readonly OperandSpec Reduction = new("operator", K.ReduceOperator);
    private static readonly OperandSpec LaneList = new("lanes", K.Lanes);
    private static readonly OperandSpec Target = new("target", K.Label);
    private static readonly OperandSpec VariableName = new("name", K.Name);
    private static readonly OperandSpec BodyEnd = new("body", K.Body);
    private static readonly OperandSpec CaseList = new("cases", K.Cases);

    private static readonly OpcodeInfo[] Rows =
    [
        // ---- Control ----
        new(Arg, "arg", G.Control, W.Result, C.Any, [Index], R.Written, F.None, "The parameter with that number. Only at the start of a function, once for each parameter, in order; the text form writes them in the header."),

        // ---- Arithmetic ----
        new(Add, "add", G.Arithmetic, W.Operand, C.Number, [X, Y], R.Subject, F.IsCommutative, "x + y. For integers, overflow is illegal."),
        new(AddSafe, "add_safe", G.Arithmetic, W.Operand, C.Integer, [X, Y], R.Subject, F.IsCommutative | F.MayTrap | F.IsSafe, "x + y; traps on overflow."),
        new(AddOptimized, "add_optimized", G.Arithmetic, W.Operand, C.Float, [X, Y], R.Subject, F.IsCommutative | F.IsOptimized, "x + y, with the liberties of fast mathematics."),
        new(AddWrap, "add_wrap", G.Arithmetic, W.Operand, C.Integer, [X, Y], R.Subject, F.IsCommutative, "x + y, modulo 2^bits."),
        new(AddSat, "add_sat", G.Arithmetic, W.Operand, C.Integer, [X, Y], R.Subject, F.IsCommutative, "x + y; the nearest value of T on overflow."),
        new(AddWithOverflow, "add_with_overflow", G.Arithmetic, W.Operand, C.Integer, [X, Y], R.SubjectAndOverflow, F.IsCommutative, "The tuple of x + y modulo 2^bits, and 1 if that is not the exact result, else 0."),
        new(Sub, "sub", G.Arithmetic, W.Operand, C.Number, [X, Y], R.Subject, F.None, "x - y. For integers, overflow is illegal."),
        new(SubSafe, "sub_safe", G.Arithmetic, W.Operand, C.Integer, [X, Y], R.Subject, F.MayTrap | F.IsSafe, "x - y; traps on overflow."),
        new(SubOptimized, "sub_optimized", G.Arithmetic, W.Operand, C.Float, [X, Y], R.Subject, F.IsOptimized, "x - y, with the liberties of fast mathematics."),
        new(SubWrap, "sub_wrap", G.Arithmetic, W.Operand, C.Integer, [X, Y], R.Subject, F.None, "x - y, modulo 2^bits."),
        new(SubSat, "sub_sat", G.Arithmetic, W.Operand, C.Integer, [X, Y], R.Subject, F.None, "x - y; the nearest value of T on overflow."),
        new(SubWithOverflow, "sub_with_overflow", G.Arithmetic, W.Operand, C.Integer, [X, Y], R.SubjectAndOverflow, F.None, "The tuple of x - y modulo 2^bits, and 1 if that is not the exact result, else 0."),
        new(Mul, "mul", G.Arithmetic, W.Operand, C.Number, [X, Y], R.Subject, F.IsCommutative, "x * y. For integers, overflow is illegal."),
        new(MulSafe, "mul_safe", G.Arithmetic, W.Operand, C.Integer, [X, Y], R.Subject, F.IsCommutative | F.MayTrap | F.IsSafe, "x * y; traps on overflow."),
        new(MulOptimized, "mul_optimized", G.Arithmetic, W.Operand, C.Float, [X, Y], R.Subject, F.IsCommutative | F.IsOptimized, "x * y, with the liberties of fast mathematics."),
        new(MulWrap, "mul_wrap", G.Arithmetic, W.Operand, C.Integer, [X, Y], R.Subject, F.IsCommutative, "x * y, modulo 2^bits."),
        new(MulSat, "mul_sat", G.Arithmetic, W.Operand, C.Integer, [X, Y], R.Subject, F.IsCommutative, "x * y; the nearest value of T on overflow."),
        new(MulWithOverflow, "mul_with_overflow", G.Arithmetic, W.Operand, C.Integer, [X, Y], R.SubjectAndOverflow, F.IsCommutative, "The tuple of x * y modulo 2^bits, and 1 if that is not the exact result, else 0."),
        new(DivFloat, "div_float", G.Arithmetic, W.Operand, C.Float, [X, Y], R.Subject, F.None, "x / y."),
        new(DivTrunc, "div_trunc", G.Arithmetic, W.Operand, C.Number, [X, Y], R.Subject, F.MayTrap, "x / y, rounded towards zero. Division by zero and an integer result that does not fit are illegal."),
        new(DivFloor, "div_floor", G.Arithmetic, W.Operand, C.Number, [X, Y], R.Subject, F.MayTrap, "x / y, rounded down. Division by zero and an integer result that does not fit are illegal."),
        new(DivExact, "div_exact", G.Arithmetic, W.Operand, C.Number, [X, Y], R.Subject, F.MayTrap, "x / y, where y divides x; a remainder is illegal. Division by zero and an integer result that does not fit are illegal."),
        new(Rem, "rem", G.Arithmetic, W.Operand, C.Number, [X, Y], R.Subject, F.MayTrap, "x - y * div_trunc(x, y): has the sign of x. For floats, C's fmod. An integer y of zero is illegal; the least integer and -1 give 0."),
        new(Mod, "mod", G.Arithmetic, W.Operand, C.Number, [X, Y], R.Subject, F.MayTrap, "x - y * div_floor(x, y): has the sign of y. For floats: r = rem(x, y), and r + y if r is not zero and its sign is not that of y. An integer y of zero is illegal."),
        new(DivFloatOptimized, "div_float_optimized", G.Arithmetic, W.Operand, C.Float, [X, Y], R.Subject, F.IsOptimized, "As div_float, with the liberties of fast mathematics."),
        new(DivTruncOptimized, "div_trunc_optimized", G.Arithmetic, W.Operand, C.Float, [X, Y], R.Subject, F.IsOptimized, "As div_trunc, with the liberties of fast mathematics."),
        new(DivFloorOptimized, "div_floor_optimized", G.Arithmetic, W.Operand, C.Float, [X, Y], R.Subject, F.IsOptimized, "As div_floor, with the liberties of fast mathematics."),
        new(DivExactOptimized, "div_exact_optimized", G.Arithmetic, W.Operand, C.Float, [X, Y], R.Subject, F.IsOptimized, "As div_exact, with the liberties of fast mathematics."),
        new(RemOptimized, "rem_optimized", G.Arithmetic, W.Operand, C.Float, [X, Y], R.Subject, F.IsOptimized, "As rem, with the liberties of fast mathematics."),
        new(ModOptimized, "mod_optimized", G.Arithmetic, W.Operand, C.Float, [X, Y], R.Subject, F.IsOptimized, "As mod, with the liberties of fast mathematics."),
        new(Max, "max", G.Arithmetic, W.Operand, C.Number, [X, Y], R.Subject, F.IsCommutative, "The greater one. A NaN loses against a number; -0 is less than +0."),
        new(Min, "min", G.Arithmetic, W.Operand, C.Number, [X, Y], R.Subject, F.IsCommutative, "The lesser one. A NaN loses against a number; -0 is less than +0."),
        new(MulAdd, "mul_add", G.Arithmetic, W.Operand, C.Float, [X, Y, Z], R.Subject, F.None, "x * y + z, rounded once."),
        new(Neg, "neg", G.Arithmetic, W.Operand, C.Number, [X], R.Subject, F.None, "-x. For integers, overflow is illegal; for floats, only the sign changes, also of a NaN."),
        new(NegOptimized, "neg_optimized", G.Arithmetic, W.Operand, C.Float, [X], R.Subject, F.IsOptimized, "-x, with the liberties of fast mathematics."),
        new(Abs, "abs", G.Arithmetic, W.Operand, C.Number, [X], R.SubjectMagnitude, F.None, "The magnitude of x. For a signed integer, the result is the unsigned one of the same width, so that it always fits."),

        // ---- Bits ----
        new(BitAnd, "bit_and", G.Bits, W.Operand, C.Integer | C.Bool, [X, Y], R.Subject, F.IsCommutative, "Bitwise and."),
        new(BitOr, "bit_or", G.Bits, W.Operand, C.Integer | C.Bool, [X, Y], R.Subject, F.IsCommutative, "Bitwise or."),
        new(Xor, "xor", G.Bits, W.Operand, C.Integer | C.Bool, [X, Y], R.Subject, F.IsCommutative, "Bitwise exclusive or."),
        new(Not, "not", G.Bits, W.Operand, C.Integer | C.Bool, [X], R.Subject, F.None, "Bitwise complement."),
        new(BoolAnd, "bool_and", G.Bits, W.Operand, C.Bool, [X, Y], R.Subject, F.IsCommutative, "Both; no short circuit."),
        new(BoolOr, "bool_or", G.Bits, W.Operand, C.Bool, [X, Y], R.Subject, F.IsCommutative, "One or both; no short circuit."),
        new(Shl, "shl", G.Bits, W.Operand, C.Integer, [X, Amount], R.Subject, F.None, "x times 2^amount, modulo 2^bits. An amount of the width or more is illegal."),
        new(ShlExact, "shl_exact", G.Bits, W.Operand, C.Integer, [X, Amount], R.Subject, F.None, "As shl; it is illegal for the exact result not to fit. An amount of the width or more is illegal."),
        new(ShlSat, "shl_sat", G.Bits, W.Operand, C.Integer, [X, Amount], R.Subject, F.None, "x times 2^amount, or the nearest value of T. Any amount is legal."),
        new(ShlWithOverflow, "shl_with_overflow", G.Bits, W.Operand, C.Integer, [X, Amount], R.SubjectAndOverflow, F.None, "The tuple of shl(x, amount), and 1 if that is not the exact result, else 0. An amount of the width or more is illegal."),
        new(Shr, "shr", G.Bits, W.Operand, C.Integer, [X, Amount], R.Subject, F.None, "x divided by 2^amount, rounded down: fills with the sign for signed integers. An amount of the width or more is illegal."),
        new(ShrExact, "shr_exact", G.Bits, W.Operand, C.Integer, [X, Amount], R.Subject, F.None, "As shr; it is illegal to shift out a one. An amount of the width or more is illegal."),
        new(Clz, "clz", G.Bits, W.Result, C.Integer, [From], R.Written, F.None, "How many zero bits x has above its highest one; the width for 0. T is any integer that holds the width."),
        new(Ctz, "ctz", G.Bits, W.Result, C.Integer, [From], R.Written, F.None, "How many zero bits x has below its lowest one; the width for 0. T is any integer that holds the width."),
        new(Popcount, "popcount", G.Bits, W.Result, C.Integer, [From], R.Written, F.None, "How many ones x has. T is any integer that holds the width."),
        new(ByteSwap, "byte_swap", G.Bits, W.Operand, C.Integer, [X], R.Subject, F.None, "The bytes of x in opposite order. The width is a multiple of 8."),
        new(BitReverse, "bit_reverse", G.Bits, W.Operand, C.Integer, [X], R.Subject, F.None, "The bits of x in opposite order."),

        // ---- Float ----
        new(Sqrt, "sqrt", G.Float, W.Operand, C.Float, [X], R.Subject, F.None, "The square root."),
        new(Sin, "sin", G.Float, W.Operand, C.Float, [X], R.Subject, F.None, "The sine of radians."),
        new(Cos, "cos", G.Float, W.Operand, C.Float, [X], R.Subject, F.None, "The cosine of radians."),
        new(Tan, "tan", G.Float, W.Operand, C.Float, [X], R.Subject, F.None, "The tangent of radians."),
        new(Exp, "exp", G.Float, W.Operand, C.Float, [X], R.Subject, F.None, "e to the power of x."),
        new(Exp2, "exp2", G.Float, W.Operand, C.Float, [X], R.Subject, F.None, "2 to the power of x."),
        new(Log, "log", G.Float, W.Operand, C.Float, [X], R.Subject, F.None, "The natural logarithm."),
        new(Log2, "log2", G.Float, W.Operand, C.Float, [X], R.Subject, F.None, "The logarithm to base 2."),
        new(Log10, "log10", G.Float, W.Operand, C.Float, [X], R.Subject, F.None, "The logarithm to base 10."),
        new(Floor, "floor", G.Float, W.Operand, C.Float, [X], R.Subject, F.None, "The nearest integer that is not greater."),
        new(Ceil, "ceil", G.Float, W.Operand, C.Float, [X], R.Subject, F.None, "The nearest integer that is not less."),
        new(Round, "round", G.Float, W.Operand, C.Float, [X], R.Subject, F.None, "The nearest integer; of two, the one away from zero."),
        new(TruncFloat, "trunc_float", G.Float, W.Operand, C.Float, [X], R.Subject, F.None, "The nearest integer that is not further from zero."),

        // ---- Compare ----
        new(CmpLt, "cmp_lt", G.Compare, W.Operand, Comparable, [X, Y], R.Bool, F.None, "x < y. False if one is NaN."),
        new(CmpLte, "cmp_lte", G.Compare, W.Operand, Comparable, [X, Y], R.Bool, F.None, "x <= y. False if one is NaN."),
        new(CmpEq, "cmp_eq", G.Compare, W.Operand, Comparable, [X, Y], R.Bool, F.IsCommutative, "x = y. False if one is NaN. Bools, optionals of scalars, and error sets can be compared for equality only."),
        new(CmpGte, "cmp_gte", G.Compare, W.Operand, Comparable, [X, Y], R.Bool, F.None, "x >= y. False if one is NaN."),
        new(CmpGt, "cmp_gt", G.Compare, W.Operand, Comparable, [X, Y], R.Bool, F.None, "x > y. False if one is NaN."),
        new(CmpNeq, "cmp_neq", G.Compare, W.Operand, Comparable, [X, Y], R.Bool, F.IsCommutative, "x is not y. True if one is NaN. Bools, optionals of scalars, and error sets can be compared for equality only."),
        new(CmpLtOptimized, "cmp_lt_optimized", G.Compare, W.Operand, C.Float | C.Scalar, [X, Y], R.Bool, F.IsOptimized, "As cmp_lt, with the liberties of fast mathematics."),
        new(CmpLteOptimized, "cmp_lte_optimized", G.Compare, W.Operand, C.Float | C.Scalar, [X, Y], R.Bool, F.IsOptimized, "As cmp_lte, with the liberties of fast mathematics."),
        new(CmpEqOptimized, "cmp_eq_optimized", G.Compare, W.Operand, C.Float | C.Scalar, [X, Y], R.Bool, F.IsOptimized, "As cmp_eq, with the liberties of fast mathematics."),
        new(CmpGteOptimized, "cmp_gte_optimized", G.Compare, W.Operand, C.Float | C.Scalar, [X, Y], R.Bool, F.IsOptimized, "As cmp_gte, with the liberties of fast mathematics."),
        new(CmpGtOptimized, "cmp_gt_optimized", G.Compare, W.Operand, C.Float | C.Scalar, [X, Y], R.Bool, F.IsOptimized, "As cmp_gt, with the liberties of fast mathematics."),
        new(CmpNeqOptimized, "cmp_neq_optimized", G.Compare, W.Operand, C.Float | C.Scalar, [X, Y], R.Bool, F.IsOptimized, "As cmp_neq, with the liberties of fast mathematics."),
        new(CmpVector, "cmp_vector", G.Compare, W.Operand, C.Vector | C.Number | C.Bool | C.Pointer, [Comparison, X, Y], R.SubjectBools, F.None, "Compares lane by lane."),
        new(CmpVectorOptimized, "cmp_vector_optimized", G.Compare, W.Operand, C.Vector | C.Float, [Comparison, X, Y], R.SubjectBools, F.IsOptimized, "As cmp_vector, with the liberties of fast mathematics."),
        new(CmpLtErrorsLen, "cmp_lt_errors_len", G.Compare, W.None, C.None, [new("x", K.Value, T.U16)], R.Bool, F.None, "Whether x, as the number of an error, is at most the number of the module's last error."),
        new(Select, "select", G.Compare, W.Result, C.Any, [Condition, X, Y], R.Written, F.None, "x if the condition is true, else y; lane by lane if the condition is a vector. Both are evaluated."),

        // ---- Conversion ----
        new(Bitcast, "bitcast", G.Conversion, W.Result, C.Any, [From], R.Written, F.None, "The same bits as a T, which has as many: between integers, floats, enums and their tags, error sets and u16, packed structs and unions and their integers, bool and u1; between pointers, optionals of them, and usize; between slices; between vectors, and vectors and arrays, with as many bits in memory."),
        new(AddrspaceCast, "addrspace_cast", G.Conversion, W.Result, C.Pointer, [From], R.Written, F.None, "The same pointer; WebAssembly has one address space."),
        new(Intcast, "intcast", G.Conversion, W.Result, C.Integer | C.Enum, [From], R.Written, F.None, "The same number as a T. A number that T has not is illegal."),
        new(IntcastSafe, "intcast_safe", G.Conversion, W.Result, C.Integer | C.Enum, [From], R.Written, F.MayTrap | F.IsSafe, "The same number as a T; traps if T has it not (or, for a closed enum, no name for it)."),
        new(Trunc, "trunc", G.Conversion, W.Result, C.Integer, [From], R.Written, F.None, "The low bits of x: the number modulo 2^bits of T."),
        new(Fptrunc, "fptrunc", G.Conversion, W.Result, C.Float, [From], R.Written, F.None, "The nearest number of T, which is narrower."),
        new(Fpext, "fpext", G.Conversion, W.Result, C.Float, [From], R.Written, F.None, "The same number as a T, which is wider."),
        new(IntFromFloat, "int_from_float", G.Conversion, W.Result, C.Integer, [From], R.Written, F.MayTrap, "The integer part of x. It is illegal for T not to have it."),
        new(IntFromFloatOptimized, "int_from_float_optimized", G.Conversion, W.Result, C.Integer, [From], R.Written, F.MayTrap | F.IsOptimized, "As int_from_float, with the liberties of fast mathematics."),
        new(IntFromFloatSafe, "int_from_float_safe", G.Conversion, W.Result, C.Integer, [From], R.Written, F.MayTrap | F.IsSafe, "The integer part of x; traps if T has it not."),
        new(IntFromFloatOptimizedSafe, "int_from_float_optimized_safe", G.Conversion, W.Result, C.Integer, [From], R.Written, F.MayTrap | F.IsSafe | F.IsOptimized, "As int_from_float_safe, with the liberties of fast mathematics."),
        new(FloatFromInt, "float_from_int", G.Conversion, W.Result, C.Float, [From], R.Written, F.None, "The nearest number of T; of two, the one with an even last bit."),

        // ---- Vector ----
        new(Splat, "splat", G.Vector, W.Result, C.Vector | C.Any, [new("x", K.Value, T.SubjectElement)], R.Written, F.None, "x in every lane. T may also be an array."),
        new(ShuffleOne, "shuffle_one", G.Vector, W.Result, C.Vector | C.Any, [From, LaneList], R.Written, F.None, "In each lane of T, the lane of x with that number, or a constant (in parentheses)."),
        new(ShuffleTwo, "shuffle_two", G.Vector, W.Result, C.Vector | C.Any, [From, new("y", K.Value, T.Any), LaneList], R.Written, F.None, "As shuffle_one, with the lanes of y numbered after those of x."),
        new(Reduce, "reduce", G.Vector, W.Operand, C.Vector | C.Number | C.Bool, [Reduction, X], R.SubjectElement, F.None, "All lanes joined to one. Integers wrap; min and max treat floats as the instructions min and max do; floats are added and multiplied in order. and, or, xor take integers and bools."),
        new(ReduceOptimized, "reduce_optimized", G.Vector, W.Operand, C.Vector | C.Float, [Reduction, X], R.SubjectElement, F.IsOptimized, "As reduce, with the liberties of fast mathematics."),

        // ---- Memory ----
        new(Alloc, "alloc", G.Memory, W.ResultPointee, C.Any, [], R.Written, F.HasEffects, "A pointer to memory of its own for a T, until the function returns; its contents are undefined, and so they are again each time it is executed. The type may be preceded by align(N)."),
        new(Load, "load", G.Memory, W.Result, C.Any, [Pointer], R.Written, F.ReadsMemory | F.MayTrap, "The T that the pointer points to."),
        new(Store, "store", G.Memory, W.None, C.None, [Pointer, Stored], R.Void, F.WritesMemory | F.MayTrap, "Writes the value. Of an undefined one, nothing."),
        new(StoreSafe, "store_safe", G.Memory, W.None, C.None, [Pointer, Stored], R.Void, F.WritesMemory | F.MayTrap | F.IsSafe, "As store; an undefined value is written as bytes of 0xaa."),
        new(Memset, "memset", G.Memory, W.None, C.None, [Destination, Filling], R.Void, F.WritesMemory | F.MayTrap, "Writes the value to every element of a slice or array."),
        new(MemsetSafe, "memset_safe", G.Memory, W.None, C.None, [Destination, Filling], R.Void, F.WritesMemory | F.MayTrap | F.IsSafe, "As memset; an undefined value is written as bytes of 0xaa."),
        new(Memcpy, "memcpy", G.Memory, W.None, C.None, [Destination, Source], R.Void, F.ReadsMemory | F.WritesMemory | F.MayTrap, "Copies the elements of the source, as many as the destination has. The destination is a slice or a pointer to an array; the source may also be a many pointer. Overlapping is illegal."),
        new(Memmove, "memmove", G.Memory, W.None, C.None, [Destination, Source], R.Void, F.ReadsMemory | F.WritesMemory | F.MayTrap, "As memcpy, and right if they overlap."),
        new(RetPtr, "ret_ptr", G.Memory, W.Result, C.Pointer, [], R.Written, F.HasEffects, "The pointer to where the function's result goes, for ret_load. Each such instruction of a function gives the same pointer."),
        new(ThreadLocalPtr, "thread_local_ptr", G.Memory, W.Result, C.Pointer, [new("variable", K.Item)], R.Written, F.None, "The pointer to this thread's variable; pointers to other items are constants."),
        new(Prefetch, "prefetch", G.Memory, W.None, C.None, [Pointer], R.Void, F.HasEffects, "A hint. Nothing."),
        new(WasmMemorySize, "wasm_memory_size", G.Memory, W.None, C.None, [Memory], R.Usize, F.ReadsMemory, "The size of that memory in pages."),
        new(WasmMemoryGrow, "wasm_memory_grow", G.Memory, W.None, C.None, [Memory, new("pages", K.Value, T.Usize)], R.Isize, F.HasEffects | F.WritesMemory, "Adds pages to that memory; the size before, or -1 if that is not possible."),

        // ---- Atomic ----
        new(AtomicLoad, "atomic_load", G.Atomic, W.Result, C.Any, [Pointer, Order], R.Written, F.ReadsMemory | F.MayTrap | F.HasEffects, "As load, in one piece."),
        new(AtomicStore, "atomic_store", G.Atomic, W.None, C.None, [Pointer, Stored, Order], R.Void, F.WritesMemory | F.MayTrap | F.HasEffects, "As store, in one piece."),
        new(AtomicRmw, "atomic_rmw", G.Atomic, W.Operand, C.Number | C.Pointer | C.Bool | C.Enum | C.Scalar, [new("operator", K.RmwOperator), Pointer, X, Order], R.Subject, F.ReadsMemory | F.WritesMemory | F.MayTrap | F.HasEffects, "In one piece: what is there, then stores operator(what was there, x)."),
        new(CmpxchgWeak, "cmpxchg_weak", G.Atomic, W.Operand, Exchangeable, [Pointer, new("expected", K.Value, T.Subject), new("new", K.Value, T.Subject), new("success", K.MemoryOrder), new("failure", K.MemoryOrder)], R.SubjectOptional, F.ReadsMemory | F.WritesMemory | F.MayTrap | F.HasEffects, "As cmpxchg_strong, and may also fail for no reason."),
        new(CmpxchgStrong, "cmpxchg_strong", G.Atomic, W.Operand, Exchangeable, [Pointer, new("expected", K.Value, T.Subject), new("new", K.Value, T.Subject), new("success", K.MemoryOrder), new("failure", K.MemoryOrder)], R.SubjectOptional, F.ReadsMemory | F.WritesMemory | F.MayTrap | F.HasEffects, "In one piece: stores the new value if the expected one is there, and gives null; else gives what is there."),
        new(Fence, "fence", G.Atomic, W.None, C.None, [Order], R.Void, F.HasEffects, "Orders atomic accesses before and after it."),
        new(MemoryWait, "memory_wait", G.Atomic, W.Operand, C.Integer | C.Scalar, [Pointer, new("expected", K.Value, T.Subject), new("timeout", K.Value, T.I64)], R.U32, F.ReadsMemory | F.HasEffects | F.MayTrap, "Sleeps while the expected value (32 or 64 bits) is there, at most timeout nanoseconds, without end if negative: 0 when woken, 1 when another value is there, 2 when the time is over."),
        new(MemoryNotify, "memory_notify", G.Atomic, W.None, C.None, [Pointer, new("count", K.Value, T.U32)], R.U32, F.HasEffects | F.MayTrap, "Wakes at most that many who wait at the address; how many they were."),

        // ---- Aggregate ----
        new(AggregateInit, "aggregate_init", G.Aggregate, W.Result, C.Aggregate, [new("elements", K.Values, T.SubjectElements)], R.Written, F.None, "The struct, tuple, array or vector with these fields or elements, one for each. An array's sentinel is added."),
        new(UnionInit, "union_init", G.Aggregate, W.Result, C.Aggregate, [Index, new("payload", K.Value, T.SubjectField)], R.Written, F.None, "The union whose field with that number is active and has this payload."),
        new(StructFieldPtr, "struct_field_ptr", G.Aggregate, W.Result, C.Pointer, [Pointer, Index], R.Written, F.None, "The pointer to a field of the struct or union that the pointer points to. For a packed one, a pointer with bit offset."),
        new(StructFieldVal, "struct_field_val", G.Aggregate, W.Result, C.Any, [From, Index], R.Written, F.None, "The field of a struct, tuple or union. Of a union, it is illegal if another one is active."),
        new(FieldParentPtr, "field_parent_ptr", G.Aggregate, W.Result, C.Pointer, [Pointer, Index], R.Written, F.None, "The pointer to the struct or union whose field with that number the pointer points to."),
        new(SetUnionTag, "set_union_tag", G.Aggregate, W.None, C.None, [Pointer, new("tag", K.Value, T.PointeeTag)], R.Void, F.WritesMemory | F.MayTrap, "Makes the field of that tag the active one; its contents are then undefined."),
        new(GetUnionTag, "get_union_tag", G.Aggregate, W.Result, C.Enum, [From], R.Written, F.None, "The tag of a union."),
        new(Slice, "slice", G.Aggregate, W.Result, C.Slice, [Pointer, new("length", K.Value, T.Usize)], R.Written, F.None, "The slice of that pointer and length."),
        new(SliceLen, "slice_len", G.Aggregate, W.None, C.None, [From], R.Usize, F.None, "The length of a slice."),
        new(SlicePtr, "slice_ptr", G.Aggregate, W.Result, C.Pointer, [From], R.Written, F.None, "The many pointer of a slice."),
        new(PtrSliceLenPtr, "ptr_slice_len_ptr", G.Aggregate, W.Result, C.Pointer, [Pointer], R.Written, F.None, "Of a pointer to a slice, the pointer to its length."),
        new(PtrSlicePtrPtr, "ptr_slice_ptr_ptr", G.Aggregate, W.Result, C.Pointer, [Pointer], R.Written, F.None, "Of a pointer to a slice, the pointer to its pointer."),
        new(ArrayElemVal, "array_elem_val", G.Aggregate, W.Result, C.Any, [From, At], R.Written, F.None, "An element of an array or lane of a vector. An index out of range is illegal."),
        new(SliceElemVal, "slice_elem_val", G.Aggregate, W.Result, C.Any, [From, At], R.Written, F.ReadsMemory | F.MayTrap, "An element of what a slice points to."),
        new(SliceElemPtr, "slice_elem_ptr", G.Aggregate, W.Result, C.Pointer, [From, At], R.Written, F.None, "The pointer to an element of what a slice points to."),
        new(PtrElemVal, "ptr_elem_val", G.Aggregate, W.Result, C.Any, [Pointer, At], R.Written, F.ReadsMemory | F.MayTrap, "An element of what a many pointer, or pointer to an array or vector, points to."),
        new(PtrElemPtr, "ptr_elem_ptr", G.Aggregate, W.Result, C.Pointer, [Pointer, At], R.Written, F.None, "The pointer to an element of what a many pointer, or pointer to an array or vector, points to."),
        new(VectorStoreElem, "vector_store_elem", G.Aggregate, W.None, C.None, [Pointer, At, new("value", K.Value, T.PointeeElement)], R.Void, F.WritesMemory | F.MayTrap, "Writes one lane of the vector that the pointer points to."),
        new(ArrayToSlice, "array_to_slice", G.Aggregate, W.Result, C.Slice, [Pointer], R.Written, F.None, "The slice of all elements of the array that the pointer points to."),
        new(PtrAdd, "ptr_add", G.Aggregate, W.Result, C.Pointer, [Pointer, At], R.Written, F.None, "The pointer to index elements further on: of an array that is pointed to, else of what is. Wraps."),
        new(PtrSub, "ptr_sub", G.Aggregate, W.Result, C.Pointer, [Pointer, At], R.Written, F.None, "The pointer to index elements before. Wraps."),

        // ---- Optional ----
        new(IsNull, "is_null", G.Optional, W.None, C.None, [From], R.Bool, F.None, "Whether an optional is null."),
        new(IsNonNull, "is_non_null", G.Optional, W.None, C.None, [From], R.Bool, F.None, "Whether an optional is not null."),
        new(IsNullPtr, "is_null_ptr", G.Optional, W.None, C.None, [Pointer], R.Bool, F.ReadsMemory | F.MayTrap, "Whether the optional that the pointer points to is null."),
        new(IsNonNullPtr, "is_non_null_ptr", G.Optional, W.None, C.None, [Pointer], R.Bool, F.ReadsMemory | F.MayTrap, "Whether the optional that the pointer points to is not null."),
        new(OptionalPayload, "optional_payload", G.Optional, W.Result, C.Any, [From], R.Written, F.None, "What is in an optional; illegal for null."),
        new(OptionalPayloadPtr, "optional_payload_ptr", G.Optional, W.Result, C.Pointer, [Pointer], R.Written, F.None, "The pointer to what is in the optional that the pointer points to."),
        new(OptionalPayloadPtrSet, "optional_payload_ptr_set", G.Optional, W.Result, C.Pointer, [Pointer], R.Written, F.WritesMemory | F.MayTrap, "As optional_payload_ptr, and makes the optional one that is not null."),
        new(WrapOptional, "wrap_optional", G.Optional, W.Result, C.Optional, [new("payload", K.Value, T.SubjectPayload)], R.Written, F.None, "The optional with this payload."),

        // ---- ErrorUnion ----
        new(IsErr, "is_err", G.ErrorUnion, W.None, C.None, [From], R.Bool, F.None, "Whether an error union (or an error set, of which 0 is none) is an error."),
        new(IsNonErr, "is_non_err", G.ErrorUnion, W.None, C.None, [From], R.Bool, F.None, "Whether an error union is a payload."),
        new(IsErrPtr, "is_err_ptr", G.ErrorUnion, W.None, C.None, [Pointer], R.Bool, F.ReadsMemory | F.MayTrap, "Whether the error union that the pointer points to is an error."),
        new(IsNonErrPtr, "is_non_err_ptr", G.ErrorUnion, W.None, C.None, [Pointer], R.Bool, F.ReadsMemory | F.MayTrap, "Whether the error union that the pointer points to is a payload."),
        new(UnwrapErrunionPayload, "unwrap_errunion_payload", G.ErrorUnion, W.Result, C.Any, [From], R.Written, F.None, "The payload of an error union; illegal for an error."),
        new(UnwrapErrunionErr, "unwrap_errunion_err", G.ErrorUnion, W.Result, C.ErrorSet, [From], R.Written, F.None, "The error of an error union; illegal for a payload."),
        new(UnwrapErrunionPayloadPtr, "unwrap_errunion_payload_ptr", G.ErrorUnion, W.Result, C.Pointer, [Pointer], R.Written, F.None, "The pointer to the payload of the error union that the pointer points to."),
        new(UnwrapErrunionErrPtr, "unwrap_errunion_err_ptr", G.ErrorUnion, W.Result, C.ErrorSet, [Pointer], R.Written, F.ReadsMemory | F.MayTrap, "The error of the error union that the pointer points to; illegal for a payload."),
        new(ErrunionPayloadPtrSet, "errunion_payload_ptr_set", G.ErrorUnion, W.Result, C.Pointer, [Pointer], R.Written, F.WritesMemory | F.MayTrap, "As unwrap_errunion_payload_ptr, and makes the error union a payload."),
        new(WrapErrunionPayload, "wrap_errunion_payload", G.ErrorUnion, W.Result, C.ErrorUnion, [new("payload", K.Value, T.SubjectPayload)], R.Written, F.None, "The error union with this payload."),
        new(WrapErrunionErr, "wrap_errunion_err", G.ErrorUnion, W.Result, C.ErrorUnion, [new("error", K.Value, T.SubjectErrorSet)], R.Written, F.None, "The error union with this error."),

        // ---- Control ----
        new(Block, "block", G.Control, W.ResultUnlessVoid, C.Any, [BodyEnd], R.Written, F.IsLabel | F.HasBodies, "Executes its body. A br to it ends it and gives its result."),
        new(Loop, "loop", G.Control, W.None, C.None, [BodyEnd], R.NoReturn, F.IsTerminator | F.IsLabel | F.HasBodies, "Executes its body, again after each repeat."),
        new(Repeat, "repeat", G.Control, W.None, C.None, [Target], R.NoReturn, F.IsTerminator, "Starts the body of that loop again."),
        new(Br, "br", G.Control, W.None, C.None, [Target, new("result", K.Value, T.LabelResult)], R.NoReturn, F.IsTerminator, "Ends that block with this result."),
        new(CondBr, "cond_br", G.Control, W.None, C.None, [new("condition", K.Value, T.Bool), new("then", K.Body), new("else", K.Body)], R.NoReturn, F.IsTerminator | F.HasBodies, "Executes the first body if the condition is true, else the second."),
        new(SwitchBr, "switch_br", G.Control, W.Operand, Switchable, [X, CaseList], R.NoReturn, F.IsTerminator | F.HasBodies, "Executes the body of the case that has the value, as a constant or between the two of a range; else the else body. If there is none, another value is illegal."),
        new(LoopSwitchBr, "loop_switch_br", G.Control, W.Operand, Switchable, [X, CaseList], R.NoReturn, F.IsTerminator | F.HasBodies | F.IsLabel, "As switch_br, and again, with another value, after each switch_dispatch to it."),
        new(SwitchDispatch, "switch_dispatch", G.Control, W.None, C.None, [Target, new("value", K.Value, T.LabelSubject)], R.NoReturn, F.IsTerminator, "Starts that loop_switch_br again with this value."),
        new(Try, "try", G.Control, W.Result, C.Any, [From, BodyEnd], R.Written, F.HasBodies, "The payload of an error union. If it is an error, executes the body, which does not come back."),
        new(TryPtr, "try_ptr", G.Control, W.Result, C.Pointer, [Pointer, BodyEnd], R.Written, F.HasBodies | F.ReadsMemory | F.MayTrap, "The pointer to the payload of the error union that the pointer points to. If it is an error, executes the body, which does not come back."),
        new(TryCold, "try_cold", G.Control, W.Result, C.Any, [From, BodyEnd], R.Written, F.HasBodies, "The payload of an error union. If it is an error, executes the body, which is not expected to run, which does not come back."),
        new(TryPtrCold, "try_ptr_cold", G.Control, W.Result, C.Pointer, [Pointer, BodyEnd], R.Written, F.HasBodies | F.ReadsMemory | F.MayTrap, "The pointer to the payload of the error union that the pointer points to. If it is an error, executes the body, which is not expected to run, which does not come back."),
        new(Ret, "ret", G.Control, W.None, C.None, [Returned], R.NoReturn, F.IsTerminator, "Returns the value."),
        new(RetSafe, "ret_safe", G.Control, W.None, C.None, [Returned], R.NoReturn, F.IsTerminator | F.IsSafe, "As ret; an undefined value in memory is bytes of 0xaa."),
        new(RetLoad, "ret_load", G.Control, W.None, C.None, [Pointer], R.NoReturn, F.IsTerminator | F.ReadsMemory | F.MayTrap, "Returns what the pointer, which is of ret_ptr, points to."),
        new(Trap, "trap", G.Control, W.None, C.None, [], R.NoReturn, F.IsTerminator | F.HasEffects, "Ends the program, as a fault."),
        new(Breakpoint, "breakpoint", G.Control, W.None, C.None, [], R.Void, F.HasEffects, "Stops in a debugger; WebAssembly has no way to go on, so it traps."),
        new(Unreach, "unreach", G.Control, W.None, C.None, [], R.NoReturn, F.IsTerminator, "Illegal to reach. Traps."),

        // ---- Call ----
        new(Call, "call", G.Call, W.None, C.None, [Callee, Arguments], R.CallResult, F.HasEffects | F.ReadsMemory | F.WritesMemory | F.MayTrap, "Calls the function, which is a function pointer, with these arguments."),
        new(CallNeverTail, "call_never_tail", G.Call, W.None, C.None, [Callee, Arguments], R.CallResult, F.HasEffects | F.ReadsMemory | F.WritesMemory | F.MayTrap, "As call, never as a tail call."),
        new(CallNeverInline, "call_never_inline", G.Call, W.None, C.None, [Callee, Arguments], R.CallResult, F.HasEffects | F.ReadsMemory | F.WritesMemory | F.MayTrap, "As call; the function is not copied here."),
        new(CallAlwaysTail, "call_always_tail", G.Call, W.None, C.None, [Callee, Arguments], R.CallResult, F.HasEffects | F.ReadsMemory | F.WritesMemory | F.MayTrap, "As call and ret in one, in constant stack space. The next instruction is a ret of its result."),
        new(CVaStart, "c_va_start", G.Call, W.Result, C.Pointer, [], R.Written, F.HasEffects, "The list of the further arguments of this variadic function."),
        new(CVaArg, "c_va_arg", G.Call, W.Result, C.Any, [Pointer], R.Written, F.ReadsMemory | F.WritesMemory | F.MayTrap, "The next argument of the list that the pointer points to, and moves the list on."),
        new(CVaCopy, "c_va_copy", G.Call, W.Result, C.Pointer, [Pointer], R.Written, F.ReadsMemory | F.MayTrap, "A copy of the list that the pointer points to."),
        new(CVaEnd, "c_va_end", G.Call, W.None, C.None, [Pointer], R.Void, F.HasEffects, "Ends the use of a list. Nothing."),

        // ---- Name ----
        new(TagName, "tag_name", G.Name, W.Result, C.Slice, [From], R.Written, F.None, "The name of an enum's field as a []const u8; illegal for a value without a name."),
        new(ErrorName, "error_name", G.Name, W.Result, C.Slice, [From], R.Written, F.None, "The name of an error as a []const u8."),
        new(IsNamedEnumValue, "is_named_enum_value", G.Name, W.None, C.None, [From], R.Bool, F.None, "Whether an enum's value has a name."),
        new(ErrorSetHasValue, "error_set_has_value", G.Name, W.None, C.None, [new("set", K.Type), From], R.Bool, F.None, "Whether the set has the error x."),

        // ---- Machine ----
        new(Assembly, "assembly", G.Machine, W.ResultUnlessVoid, C.Any, [new("text", K.Name), new("inputs", K.Values, T.Any)], R.Written, F.HasEffects | F.ReadsMemory | F.WritesMemory | F.MayTrap, "WebAssembly instructions, one a line: the inputs are on the stack before, the result, if any, after."),
        new(FrameAddr, "frame_addr", G.Machine, W.None, C.None, [], R.Usize, F.HasEffects, "The address of the function's frame."),
        new(RetAddr, "ret_addr", G.Machine, W.None, C.None, [], R.Usize, F.None, "Where the function returns to. WebAssembly does not tell: 0."),
        new(ErrReturnTrace, "err_return_trace", G.Machine, W.Result, C.Pointer, [], R.Written, F.HasEffects, "The pointer that the last set_err_return_trace of this call of the function was given; undefined before."),
        new(SetErrReturnTrace, "set_err_return_trace", G.Machine, W.None, C.None, [Pointer], R.Void, F.HasEffects, "Remembers the pointer for err_return_trace."),
        new(SaveErrReturnTraceIndex, "save_err_return_trace_index", G.Machine, W.None, C.None, [], R.Usize, F.HasEffects | F.ReadsMemory | F.MayTrap, "The usize that err_return_trace points to."),

        // ---- Debug ----
        new(DbgStmt, "dbg_stmt", G.Debug, W.None, C.None, [new("line", K.Number), new("column", K.Number)], R.Void, F.IsDebug, "A statement of the source starts here. Lines and columns count from 1."),
        new(DbgEmptyStmt, "dbg_empty_stmt", G.Debug, W.None, C.None, [], R.Void, F.IsDebug, "A place for a breakpoint."),
        new(DbgInlineBlock, "dbg_inline_block", G.Debug, W.ResultUnlessVoid, C.Any, [new("function", K.Item), BodyEnd], R.Written, F.IsLabel | F.HasBodies, "As block; its body was copied from that function."),
        new(DbgVarPtr, "dbg_var_ptr", G.Debug, W.None, C.None, [VariableName, From], R.Void, F.IsDebug, "The variable of that name is where the pointer points to."),
        new(DbgVarVal, "dbg_var_val", G.Debug, W.None, C.None, [VariableName, From], R.Void, F.IsDebug, "The variable of that name has that value from here on."),
        new(DbgArgInline, "dbg_arg_inline", G.Debug, W.None, C.None, [VariableName, From], R.Void, F.IsDebug, "The parameter of that name of an inlined function has that value."),
    ];

    private static readonly FrozenDictionary<string, AirOpcode> ByName = Rows.ToFrozenDictionary(row => row.Name, row => row.Opcode, StringComparer.Ordinal);

    /// <summary>All rows, in the order of the opcodes.</summary>
    public static ReadOnlySpan<OpcodeInfo> All => Rows;

    public static OpcodeInfo Get(AirOpcode opcode) => Rows[(int)opcode];

    public static bool TryFind(ReadOnlySpan<char> name, out AirOpcode opcode) =>
        ByName.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out opcode);
}
