using Weld.Base;
using Weld.Base.Diagnostics;
using Weld.Wasm.Binary;

namespace Weld.Wasm.Sections;

/// <summary>Section 1: the function types of the module.</summary>
/// <remarks>https://webassembly.github.io/spec/core/binary/modules.html#type-section</remarks>
public static unsafe class TypeSection
{
    /// <summary>The tag byte of a function type.</summary>
    public const byte FunctionForm = 0x60;

    /// <summary>Reads the types; they point into the input.</summary>
    public static Signature[] Read(ref WasmReader reader)
    {
        int count = reader.ReadCount("type", minimumSize: 3);
        var types = new Signature[count];
        for (int i = 0; i < count; i++)
        {
            byte form = reader.ReadByte();
            if (form != FunctionForm)
                throw IsGarbageCollectionForm(form)
                    ? reader.Malformed("the file has unmodeled reference or GC types")
                    : reader.Malformed($"unknown type form 0x{form:x2}");
            types[i] = ReadSignature(ref reader);
        }
        return types;
    }

    public static void Write(WasmWriter writer, ReadOnlySpan<Signature> types)
    {
        writer.WriteLebU32((uint)types.Length);
        foreach (Signature type in types)
        {
            writer.WriteByte(FunctionForm);
            writer.WriteBytes(type.Encoding.Bytes);
        }
    }

    private static Signature ReadSignature(ref WasmReader reader)
    {
        if (TryFindEnd(reader.Rest, out uint size))
            return new Signature(Utf8String.FromPinned(reader.ReadBytes(size)));
        WasmReader start = reader;
        int before = reader.Position;
        ReadOnlySpan<byte> parameters = ReadValueTypes(ref reader);
        ReadOnlySpan<byte> results = ReadValueTypes(ref reader);
        int length = reader.Position - before;
        int minimal = Leb128.SizeU32((uint)parameters.Length) + parameters.Length + Leb128.SizeU32((uint)results.Length) + results.Length;
        if (length == minimal)
            return new Signature(Utf8String.FromPinned(start.ReadBytes((uint)length)));
        // Counts with padding, which equality by bytes must not see.
        return Signature.Create(
            System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ValueType>(parameters),
            System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ValueType>(results));
    }

    /// <summary>Nearly all signatures have counts of one byte and known types.</summary>
    /// <param name="bytes">From the signature on.</param>
    /// <param name="size">How many of the bytes are the signature.</param>
    private static bool TryFindEnd(ReadOnlySpan<byte> bytes, out uint size)
    {
        int end = 0;
        size = 0;
        for (int list = 0; list < 2; list++)
        {
            if ((uint)end >= (uint)bytes.Length || bytes[end] >= 0x80)
                return false;
            int next = end + 1;
            end = next + bytes[end];
            if (end > bytes.Length)
                return false;
            for (; next < end; next++)
                if (!ValueTypes.IsKnown(bytes[next]))
                    return false;
        }
        size = (uint)end;
        return true;
    }

    private static ReadOnlySpan<byte> ReadValueTypes(ref WasmReader reader)
    {
        long offset = reader.FileOffset;
        ReadOnlySpan<byte> types = reader.ReadBytes((uint)reader.ReadCount("value type"));
        foreach (byte type in types)
            if (!ValueTypes.IsKnown(type))
                throw new MalformedInputException(type is 0x63 or 0x64
                    ? "the file has unmodeled reference or GC types"
                    : $"unknown value type 0x{type:x2}", offset);
        return types;
    }

    // rec, sub, sub final, struct, array.
    private static bool IsGarbageCollectionForm(byte form) => form is 0x4e or 0x50 or 0x4f or 0x5f or 0x5e;
}
