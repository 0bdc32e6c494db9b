namespace Weld.Wasm.Validation;

/// <summary>What an instruction without special rules takes from the stack and puts on it.</summary>
/// <param name="Form">How its immediates are read.</param>
/// <param name="First">The type of the deepest operand; 0 for none.</param>
/// <param name="Second">The type of the next operand; 0 for none.</param>
/// <param name="Third">The type of the last operand; 0 for none.</param>
/// <param name="Result">The type of the result; 0 for none.</param>
/// <param name="Limit">Of memory instructions the natural alignment as a power of two; of lanes their number.</param>
public readonly record struct OperatorShape(OperatorForm Form, byte First, byte Second, byte Third, byte Result, byte Limit = 0);

/// <summary>The immediates of an instruction.</summary>
public enum OperatorForm : byte
{
    /// <summary>Not an instruction, or one with rules of its own.</summary>
    None,

    /// <summary>No immediates.</summary>
    Plain,

    /// <summary>Alignment and offset; the first operand is an address.</summary>
    Memory,

    /// <summary>As <see cref="Memory"/>, and the alignment must be the natural one.</summary>
    Atomic,

    /// <summary>A lane number.</summary>
    Lane,

    /// <summary>As <see cref="Memory"/>, then a lane number.</summary>
    MemoryLane,
}

/// <summary>The instructions that differ in types only, by opcode; one row each, or one for a range that is alike.</summary>
/// <remarks>https://webassembly.github.io/spec/core/appendix/index-instructions.html</remarks>
public static class OperatorTable
{
    // Value types; A is an address: an i32 or, in a 64-bit memory, an i64.
    internal const byte I = 0x7f;
    internal const byte L = 0x7e;
    internal const byte F = 0x7d;
    internal const byte D = 0x7c;
    internal const byte V = 0x7b;
    internal const byte A = 1;

    public const int SimdCount = 0x114;

    public const int AtomicCount = 0x4f;

    /// <summary>Opcodes of one byte.</summary>
    public static OperatorShape[] Plain { get; } = MakePlain();

    /// <summary>Opcodes after 0xfc.</summary>
    public static OperatorShape[] Miscellaneous { get; } = MakeMiscellaneous();

    /// <summary>Opcodes after 0xfd.</summary>
    public static OperatorShape[] Simd { get; } = MakeSimd();

    /// <summary>Opcodes after 0xfe.</summary>
    public static OperatorShape[] Atomic { get; } = MakeAtomic();

    private static OperatorShape[] MakePlain()
    {
        var table = new OperatorShape[256];
        table[0x01] = new(OperatorForm.Plain, 0, 0, 0, 0);
        Loads(table, 0x28, (I, 2), (L, 3), (F, 2), (D, 3), (I, 0), (I, 0), (I, 1), (I, 1), (L, 0), (L, 0), (L, 1), (L, 1), (L, 2), (L, 2));
        Stores(table, 0x36, (I, 2), (L, 3), (F, 2), (D, 3), (I, 0), (I, 1), (L, 0), (L, 1), (L, 2));
        Unary(table, 0x45, 0x45, I, I);
        Binary(table, 0x46, 0x4f, I, I);
        Unary(table, 0x50, 0x50, L, I);
        Binary(table, 0x51, 0x5a, L, I);
        Binary(table, 0x5b, 0x60, F, I);
        Binary(table, 0x61, 0x66, D, I);
        Unary(table, 0x67, 0x69, I, I);
        Binary(table, 0x6a, 0x78, I, I);
        Unary(table, 0x79, 0x7b, L, L);
        Binary(table, 0x7c, 0x8a, L, L);
        Unary(table, 0x8b, 0x91, F, F);
        Binary(table, 0x92, 0x98, F, F);
        Unary(table, 0x99, 0x9f, D, D);
        Binary(table, 0xa0, 0xa6, D, D);
        Conversions(table, 0xa7, (L, I), (F, I), (F, I), (D, I), (D, I), (I, L), (I, L), (F, L), (F, L), (D, L), (D, L),
            (I, F), (I, F), (L, F), (L, F), (D, F), (I, D), (I, D), (L, D), (L, D), (F, D), (F, I), (D, L), (I, F), (L, D));
        Unary(table, 0xc0, 0xc1, I, I);
        Unary(table, 0xc2, 0xc4, L, L);
        return table;
    }

    private static OperatorShape[] MakeMiscellaneous()
    {
        var table = new OperatorShape[32];
        Conversions(table, 0, (F, I), (F, I), (D, I), (D, I), (F, L), (F, L), (D, L), (D, L));
        return table;
    }

    private static OperatorShape[] MakeSimd()
    {
        var table = new OperatorShape[SimdCount];
        Loads(table, 0, (V, 4), (V, 3), (V, 3), (V, 3), (V, 3), (V, 3), (V, 3), (V, 0), (V, 1), (V, 2), (V, 3));
        Stores(table, 11, (V, 4));
        Binary(table, 14, 14, V, V);
        Conversions(table, 15, (I, V), (I, V), (I, V), (L, V), (F, V), (D, V));
        Lanes(table, 21, I, 16, hasUnsigned: true);
        Lanes(table, 24, I, 8, hasUnsigned: true);
        Lanes(table, 27, I, 4, hasUnsigned: false);
        Lanes(table, 29, L, 2, hasUnsigned: false);
        Lanes(table, 31, F, 4, hasUnsigned: false);
        Lanes(table, 33, D, 2, hasUnsigned: false);
        Binary(table, 35, 76, V, V);
        Unary(table, 77, 77, V, V);
        Binary(table, 78, 81, V, V);
        Ternary(table, 82, 82);
        Unary(table, 83, 83, V, I);
        for (byte size = 0; size < 4; size++)
        {
            table[84 + size] = new(OperatorForm.MemoryLane, A, V, 0, V, size);
            table[88 + size] = new(OperatorForm.MemoryLane, A, V, 0, 0, size);
        }
        Loads(table, 92, (V, 2), (V, 3));
        Unary(table, 94, 95, V, V);
        // The four integer shapes have the same order, with gaps; the rounding of floats fills some of these.
        foreach (int start in (ReadOnlySpan<int>)[96, 128, 160, 192])
        {
            Unary(table, start, start + 1, V, V);
            Unary(table, start + 3, start + 4, V, I);
            Unary(table, start + 7, start + 10, V, V);
            Shift(table, start + 11);
            table[start + 14] = new(OperatorForm.Plain, V, V, 0, V);
            table[start + 17] = new(OperatorForm.Plain, V, V, 0, V);
        }
        Unary(table, 98, 98, V, V);
        Binary(table, 101, 102, V, V);
        Unary(table, 103, 106, V, V);
        Binary(table, 110, 115, V, V);
        Unary(table, 116, 117, V, V);
        Binary(table, 118, 121, V, V);
        Unary(table, 122, 122, V, V);
        Binary(table, 123, 123, V, V);
        Unary(table, 124, 127, V, V);
        Binary(table, 130, 130, V, V);
        Binary(table, 133, 134, V, V);
        Binary(table, 142, 147, V, V);
        Unary(table, 148, 148, V, V);
        Binary(table, 149, 153, V, V);
        Binary(table, 155, 159, V, V);
        Binary(table, 181, 186, V, V);
        Binary(table, 188, 191, V, V);
        Binary(table, 213, 223, V, V);
        foreach (int start in (ReadOnlySpan<int>)[224, 236])
        {
            Unary(table, start, start + 1, V, V);
            Unary(table, start + 3, start + 3, V, V);
            Binary(table, start + 4, start + 11, V, V);
        }
        Unary(table, 248, 255, V, V);
        Binary(table, 256, 256, V, V);
        Unary(table, 257, 260, V, V);
        Ternary(table, 261, 268);
        Binary(table, 269, 274, V, V);
        Ternary(table, 275, 275);
        return table;
    }

    private static OperatorShape[] MakeAtomic()
    {
        var table = new OperatorShape[AtomicCount];
        table[0] = new(OperatorForm.Atomic, A, I, 0, I, 2);
        table[1] = new(OperatorForm.Atomic, A, I, L, I, 2);
        table[2] = new(OperatorForm.Atomic, A, L, L, I, 3);
        ReadOnlySpan<(byte Type, int Size)> widths = [(I, 2), (L, 3), (I, 0), (I, 1), (L, 0), (L, 1), (L, 2)];
        for (int i = 0; i < widths.Length; i++)
        {
            (byte type, int width) = widths[i];
            byte size = (byte)width;
            table[0x10 + i] = new(OperatorForm.Atomic, A, 0, 0, type, size);
            table[0x17 + i] = new(OperatorForm.Atomic, A, type, 0, 0, size);
            for (int operation = 0x1e; operation < 0x48; operation += widths.Length)
                table[operation + i] = new(OperatorForm.Atomic, A, type, 0, type, size);
            table[0x48 + i] = new(OperatorForm.Atomic, A, type, type, type, size);
        }
        return table;
    }

    private static void Loads(OperatorShape[] table, int first, params ReadOnlySpan<(byte Type, int Size)> rows)
    {
        for (int i = 0; i < rows.Length; i++)
            table[first + i] = new(OperatorForm.Memory, A, 0, 0, rows[i].Type, (byte)rows[i].Size);
    }

    private static void Stores(OperatorShape[] table, int first, params ReadOnlySpan<(byte Type, int Size)> rows)
    {
        for (int i = 0; i < rows.Length; i++)
            table[first + i] = new(OperatorForm.Memory, A, rows[i].Type, 0, 0, (byte)rows[i].Size);
    }

    private static void Conversions(OperatorShape[] table, int first, params ReadOnlySpan<(byte From, byte To)> rows)
    {
        for (int i = 0; i < rows.Length; i++)
            Unary(table, first + i, first + i, rows[i].From, rows[i].To);
    }

    private static void Unary(OperatorShape[] table, int first, int last, byte operand, byte result) =>
        Array.Fill(table, new(OperatorForm.Plain, operand, 0, 0, result), first, last - first + 1);

    private static void Binary(OperatorShape[] table, int first, int last, byte operand, byte result) =>
        Array.Fill(table, new(OperatorForm.Plain, operand, operand, 0, result), first, last - first + 1);

    private static void Ternary(OperatorShape[] table, int first, int last) =>
        Array.Fill(table, new(OperatorForm.Plain, V, V, V, V), first, last - first + 1);

    private static void Shift(OperatorShape[] table, int first) =>
        Array.Fill(table, new(OperatorForm.Plain, V, I, 0, V), first, 3);

    private static void Lanes(OperatorShape[] table, int first, byte type, byte count, bool hasUnsigned)
    {
        table[first++] = new(OperatorForm.Lane, V, 0, 0, type, count);
        if (hasUnsigned)
            table[first++] = new(OperatorForm.Lane, V, 0, 0, type, count);
        table[first] = new(OperatorForm.Lane, V, type, 0, V, count);
    }
}
