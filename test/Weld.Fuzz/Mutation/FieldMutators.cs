using Weld.Fuzz.Inputs;
using Weld.Wasm.Binary;

namespace Weld.Fuzz.Mutation;

/// <summary>Changes to one field, entry or name of a section; sizes and counts around it stay right unless they are the target.</summary>
public static class FieldMutators
{
    private static readonly string[] Names =
    [
        "", "memory", "_start", "main", "__stack_pointer", "__wasm_call_ctors", "__wasm_call_dtors", "__heap_base", "__data_end",
        "__dso_handle", "__indirect_function_table", "__tls_base", "__wasm_init_tls", "__wasm_init_memory", "__start_records",
        "__stop_records", "add", "counter", "greeting", "linking", "reloc.CODE", "reloc.DATA", "reloc..debug_info", "name",
        "producers", "target_features", "dylink.0", ".debug_info", ".debug_str", ".bss.zeros", ".tdata.x", ".rodata.x", ".init_array.1",
        ".init_array.99999999999999999999", "atomics", "bulk-memory", "shared-mem", "mutable-globals", "\u00e9\u4e2d", "a\nb", "\u001b[31m", "_ZN",
        "_ZNSt3__112basic_stringIcNS_11char_traitsIcEENS_9allocatorIcEEE", "_RNvC5crate4name",
    ];

    /// <summary>Mutates one field of one section; false when no section has any.</summary>
    public static bool Mutate(List<Part> parts, Dice dice)
    {
        if (parts.Count == 0)
            return false;
        int section = PickSection(parts, dice);
        List<Field> fields = FieldFinder.Find(parts[section]);
        if (fields.Count == 0)
            return false;
        byte[] contents = parts[section].Contents;
        Field field = dice.Pick(fields);
        contents = field.Kind switch
        {
            FieldKind.Number => Replace(contents, field, Encode(dice, field.Length, dice.Number(Value(contents, field.Offset)))),
            FieldKind.Tag => Replace(contents, field, [NewTag(dice, contents[field.Offset])]),
            FieldKind.Name => Replace(contents, field, NewName(parts[section], contents, fields, field, dice)),
            _ => MutateEntry(contents, fields, field, dice),
        };
        parts[section] = parts[section] with { Contents = contents };
        return true;
    }

    // What only a linker reads is where linkers go wrong.
    private static int PickSection(List<Part> parts, Dice dice)
    {
        int section = dice.Below(parts.Count);
        for (int attempts = 0; attempts < 2 && (parts[section].Id != 0 || IsReport(parts[section])); attempts++)
            section = dice.Below(parts.Count);
        return section;

        static bool IsReport(Part part) => part.CustomName is "target_features" or "producers";
    }

    private static byte NewTag(Dice dice, byte old) => dice.Below(4) switch
    {
        0 => (byte)(old + 1),
        1 => (byte)(old ^ 1 << dice.Below(8)),
        2 => (byte)dice.Below(32),
        _ => dice.Byte(),
    };

    private static byte[] NewName(Part part, byte[] contents, List<Field> fields, Field field, Dice dice)
    {
        var writer = new WasmWriter();
        if (dice.OneIn(2))
        {
            Field other = dice.Pick(fields.FindAll(static f => f.Kind == FieldKind.Name));
            writer.WriteBytes(contents.AsSpan(other.Offset, other.Length));
        }
        else if (dice.OneIn(12))
        {
            writer.WriteName(new string('n', dice.Between(100, 70_000)));
        }
        else if (dice.OneIn(8))
        {
            byte[] bytes = contents.AsSpan(field.Offset, field.Length).ToArray();
            bytes[dice.Below(bytes.Length)] = dice.Byte();
            writer.WriteBytes(bytes);
        }
        else
        {
            writer.WriteName((part.CustomName.StartsWith("reloc.", StringComparison.Ordinal) ? "reloc." : "") + dice.Pick(Names));
        }
        return writer.ToArray();
    }

    private static byte[] MutateEntry(byte[] contents, List<Field> fields, Field entry, Dice dice)
    {
        byte[] bytes = contents.AsSpan(entry.Offset, entry.Length).ToArray();
        List<Field> list = fields.FindAll(f => f.Kind == FieldKind.Entry && f.Count == entry.Count);
        Field other = dice.Pick(list);
        switch (dice.Below(4))
        {
            case 0:
                // Again; the count says so or not.
                int times = dice.OneIn(10) ? dice.Between(100, 3000) : 1;
                byte[] repeated = Replace(contents, entry, [.. Enumerable.Repeat(bytes, times + 1).SelectMany(static b => b)]);
                return dice.OneIn(4) ? repeated : AddToCount(repeated, entry, times);
            case 1:
                byte[] shorter = Replace(contents, entry, []);
                return dice.OneIn(4) ? shorter : AddToCount(shorter, entry, -1);
            default:
                // In place of another.
                return Replace(contents, other, bytes);
        }
    }

    private static byte[] AddToCount(byte[] contents, Field entry, int difference)
    {
        int length = LengthOfNumber(contents, entry.Count);
        ulong value = Value(contents, entry.Count) + (ulong)difference;
        return Replace(contents, new Field(FieldKind.Number, entry.Count, length, entry.EnclosingSize), Padded(value, length));
    }

    /// <summary>Puts other bytes in the place of a field, and corrects the size that encloses it.</summary>
    private static byte[] Replace(byte[] contents, Field field, byte[] bytes)
    {
        byte[] result = [.. contents.AsSpan(0, field.Offset), .. bytes, .. contents.AsSpan(field.Offset + field.Length)];
        int difference = bytes.Length - field.Length;
        if (field.EnclosingSize < 0 || difference == 0 || field.EnclosingSize == field.Offset)
            return result;
        int length = LengthOfNumber(result, field.EnclosingSize);
        byte[] size = Padded(Value(result, field.EnclosingSize) + (ulong)difference, length);
        return [.. result.AsSpan(0, field.EnclosingSize), .. size, .. result.AsSpan(field.EnclosingSize + length)];
    }

    private static byte[] Encode(Dice dice, int oldLength, ulong value) => dice.Below(8) switch
    {
        0 => Padded(value, dice.Between(oldLength, 12)),
        1 => Padded(value, 5),
        // Cut off by its own section, or with bits that do not fit.
        2 => [.. Padded(value, oldLength).Select(static b => (byte)(b | 0x80))],
        _ => Padded(value, oldLength),
    };

    /// <summary>At least <paramref name="length"/> bytes, so that nothing moves when the value fits.</summary>
    private static byte[] Padded(ulong value, int length)
    {
        var bytes = new List<byte>();
        do
        {
            bytes.Add((byte)(value | 0x80));
            value >>= 7;
        }
        while (value != 0 || bytes.Count < length);
        bytes[^1] &= 0x7f;
        return [.. bytes];
    }

    private static int LengthOfNumber(byte[] contents, int offset)
    {
        int end = offset;
        while (end < contents.Length - 1 && contents[end] >= 0x80)
            end++;
        return Math.Max(1, end + 1 - offset);
    }

    private static ulong Value(byte[] contents, int offset)
    {
        ulong value = 0;
        int length = LengthOfNumber(contents, offset);
        for (int i = 0; i < length && i < 9; i++)
            value |= (ulong)(contents[offset + i] & 0x7f) << (7 * i);
        return value;
    }
}
