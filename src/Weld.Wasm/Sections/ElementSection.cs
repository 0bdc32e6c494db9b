using Weld.Wasm.Binary;

namespace Weld.Wasm.Sections;

/// <summary>Section 9: the initial contents of tables.</summary>
/// <remarks>https://webassembly.github.io/spec/core/binary/modules.html#element-section. An object's element section only
/// mirrors its relocations, so reading checks the form and keeps nothing.</remarks>
public static class ElementSection
{
    private const uint HasTableNumber = 2;

    /// <summary>Checks the section of an object: active or passive segments of function indices below <paramref name="functionCount"/>.</summary>
    public static void Check(ref WasmReader reader, uint functionCount)
    {
        for (int left = reader.ReadCount("element segment", minimumSize: 2); left > 0; left--)
        {
            uint flags = reader.ReadLebU32();
            if (flags > 7)
                throw reader.Malformed($"unsupported flags for element segment: {flags}");
            bool isPassiveOrDeclared = (flags & 1) != 0;
            if (!isPassiveOrDeclared)
            {
                if ((flags & HasTableNumber) != 0)
                    reader.ReadLebU32();
                ConstantExpression.Read(ref reader);
            }
            if ((flags & 3) != 0)
                reader.ReadByte();
            bool hasExpressions = (flags & 4) != 0;
            for (int elements = reader.ReadCount("element"); elements > 0; elements--)
            {
                if (hasExpressions)
                    ConstantExpression.Read(ref reader);
                else if (reader.ReadLebU32() is uint index && index >= functionCount)
                    throw reader.Malformed($"function index {index} in an element segment is out of range");
            }
        }
    }

    /// <summary>Writes one active segment of functions.</summary>
    /// <param name="writer">Receives the section's contents.</param>
    /// <param name="table">The table's number.</param>
    /// <param name="offset">The constant expression of the first slot, end included.</param>
    /// <param name="functionIndices">The functions, slot by slot.</param>
    public static void Write(WasmWriter writer, uint table, ReadOnlySpan<byte> offset, ReadOnlySpan<uint> functionIndices)
    {
        writer.WriteLebU32(1);
        uint flags = table == 0 ? 0 : HasTableNumber;
        writer.WriteLebU32(flags);
        if (flags != 0)
            writer.WriteLebU32(table);
        writer.WriteBytes(offset);
        if (flags != 0)
            writer.WriteByte(0);
        writer.WriteLebU32((uint)functionIndices.Length);
        foreach (uint index in functionIndices)
            writer.WriteLebU32(index);
    }
}
