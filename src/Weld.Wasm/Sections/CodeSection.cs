using System.Runtime.CompilerServices;
using Weld.Wasm.Binary;

namespace Weld.Wasm.Sections;

/// <summary>Where a function body is in the contents of its code section.</summary>
/// <param name="Offset">The offset of the body (locals, then instructions), after its size.</param>
/// <param name="Size">The body's size in bytes.</param>
/// <param name="EntryOffset">The offset of the size before the body.</param>
public readonly record struct BodyRange(uint Offset, uint Size, uint EntryOffset);

/// <summary>Section 10: the function bodies.</summary>
/// <remarks>https://webassembly.github.io/spec/core/binary/modules.html#code-section</remarks>
public static class CodeSection
{
    /// <summary>Finds the bodies. What is in them is not looked at.</summary>
    public static BodyRange[] Read(ref WasmReader reader)
    {
        var bodies = new BodyRange[ReadCount(ref reader)];
        for (int i = 0; i < bodies.Length; i++)
            bodies[i] = ReadBody(ref reader);
        return bodies;
    }

    public static int ReadCount(ref WasmReader reader) => reader.ReadCount("function body", minimumSize: 1);

    /// <summary>Finds the next body; the count has been read before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BodyRange ReadBody(ref WasmReader reader)
    {
        int entry = reader.Position;
        uint size = reader.ReadLebU32();
        int offset = reader.Position;
        reader.Skip(size);
        return new BodyRange((uint)offset, size, (uint)entry);
    }
}
