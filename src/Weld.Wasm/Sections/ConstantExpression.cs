using System.Runtime.CompilerServices;
using Weld.Wasm.Binary;

namespace Weld.Wasm.Sections;

/// <summary>Constant expressions: initial values of globals, offsets of segments.</summary>
/// <remarks>https://webassembly.github.io/spec/core/valid/instructions.html#constant-expressions, with extended-const.</remarks>
public static class ConstantExpression
{
    private const byte End = 0x0b;
    private const byte GlobalGet = 0x23;
    private const byte I32Const = 0x41;
    private const byte I64Const = 0x42;
    private const byte F32Const = 0x43;
    private const byte F64Const = 0x44;
    private const byte I32Add = 0x6a;
    private const byte I64Add = 0x7c;
    private const byte RefNull = 0xd0;
    private const byte RefFunc = 0xd2;
    private const byte SimdPrefix = 0xfd;
    private const uint V128Const = 12;

    /// <summary>Reads one expression and returns its bytes, end included.</summary>
    public static ReadOnlySpan<byte> Read(ref WasmReader reader)
    {
        WasmReader start = reader;
        int before = reader.Position;
        Skip(ref reader);
        return start.ReadBytes((uint)(reader.Position - before));
    }

    /// <summary>Steps over one expression. What it gives is not looked at.</summary>
    public static void Skip(ref WasmReader reader)
    {
        if (TrySkipI32(ref reader))
            return;
        while (SkipInstruction(ref reader))
        {
        }
    }

    /// <summary>Checks that an expression gives one value of a type, without the help of other parts of the module.</summary>
    /// <param name="expression">What <see cref="Read"/> returned.</param>
    /// <param name="type">The type that the value must have.</param>
    /// <param name="fileOffset">Where the expression is in its file, for the error message.</param>
    public static void CheckNumber(ReadOnlySpan<byte> expression, ValueType type, long fileOffset)
    {
        var reader = new WasmReader(expression, fileOffset);
        var stack = new Stack<ValueType>();
        while (true)
        {
            byte opcode = reader.PeekByte();
            switch (opcode)
            {
                case GlobalGet or RefFunc:
                    throw reader.Malformed("a constant expression refers to a global or a function, and nothing relocates it");
                case I32Const or I64Const or F32Const or F64Const:
                    stack.Push((ValueType)(0x7f - (opcode - I32Const)));
                    break;
                case SimdPrefix:
                    stack.Push(ValueType.V128);
                    break;
                case RefNull:
                    stack.Push(NullType(reader));
                    break;
                case End when stack.Count == 1 && stack.Peek() == type:
                    return;
                case End:
                    throw reader.Malformed($"a constant expression does not give a value of type {ValueTypes.Name(type)}");
                default:
                    ValueType operand = opcode < 0x7c ? ValueType.I32 : ValueType.I64;
                    if (stack.Count < 2 || stack.Pop() != operand || stack.Peek() != operand)
                        throw reader.Malformed("a constant expression has operands of the wrong type");
                    break;
            }
            SkipInstruction(ref reader);
        }
    }

    public static void WriteI32(WasmWriter writer, int value)
    {
        writer.WriteByte(I32Const);
        writer.WriteLebS32(value);
        writer.WriteByte(End);
    }

    public static void WriteI64(WasmWriter writer, long value)
    {
        writer.WriteByte(I64Const);
        writer.WriteLebS64(value);
        writer.WriteByte(End);
    }

    /// <summary>An address: an i32 or, in a 64-bit memory, an i64.</summary>
    public static void WriteAddress(WasmWriter writer, ulong address, bool is64)
    {
        if (is64)
            WriteI64(writer, (long)address);
        else
            WriteI32(writer, (int)(uint)address);
    }

    /// <summary>An address that starts at an imported global. With an offset this needs extended-const.</summary>
    public static void WriteGlobalPlus(WasmWriter writer, uint global, ulong offset, bool is64)
    {
        writer.WriteByte(GlobalGet);
        writer.WriteLebU32(global);
        if (offset != 0)
        {
            writer.WriteByte(is64 ? I64Const : I32Const);
            writer.WriteLebS64(is64 ? (long)offset : (int)(uint)offset);
            writer.WriteByte(is64 ? I64Add : I32Add);
        }
        writer.WriteByte(End);
    }

    /// <summary>Nearly all are the offset of a segment: a number of at most four bytes, which cannot overflow.</summary>
    private static bool TrySkipI32(ref WasmReader reader)
    {
        const int LongestNumber = Leb128.Padded32 - 1;
        if (reader.Remaining < 1 + LongestNumber + 1)
            return false;
        ref byte opcode = ref Unsafe.AsRef(in reader.Next);
        if (opcode != I32Const)
            return false;
        int size = 1;
        while (size < LongestNumber && Unsafe.Add(ref opcode, size) >= 0x80)
            size++;
        if (Unsafe.Add(ref opcode, size) >= 0x80 || Unsafe.Add(ref opcode, size + 1) != End)
            return false;
        reader.Advance(size + 2);
        return true;
    }

    private static ValueType NullType(WasmReader reader)
    {
        reader.ReadByte();
        byte heapType = reader.ReadByte();
        return ValueTypes.IsKnown(heapType) && ValueTypes.IsReference((ValueType)heapType)
            ? (ValueType)heapType
            : throw reader.Malformed("the file has unmodeled reference or GC types");
    }

    /// <returns>False after the end of the expression.</returns>
    private static bool SkipInstruction(ref WasmReader reader)
    {
        byte opcode = reader.ReadByte();
        switch (opcode)
        {
            case End:
                return false;
            case I32Const:
                reader.ReadLebS32();
                return true;
            case I64Const:
                reader.ReadLebS64();
                return true;
            case F32Const:
                reader.Skip(4);
                return true;
            case F64Const:
                reader.Skip(8);
                return true;
            case GlobalGet or RefFunc:
                reader.ReadLebU32();
                return true;
            case RefNull:
                reader.ReadLebS64();
                return true;
            case SimdPrefix when reader.ReadLebU32() == V128Const:
                reader.Skip(16);
                return true;
            // i32 and i64 add, sub, mul.
            case 0x6a or 0x6b or 0x6c or 0x7c or 0x7d or 0x7e:
                return true;
            default:
                throw reader.Malformed($"invalid opcode 0x{opcode:x2} in a constant expression");
        }
    }
}
