using Weld.Linker.Planning;
using Weld.Wasm.Binary;

namespace Weld.Linker.Image;

/// <summary>Where each function body is in the code section.</summary>
public sealed class CodeLayout
{
    private readonly OutputPlan _plan;
    private readonly uint[] _entries;

    private CodeLayout(OutputPlan plan, uint[] entries, long size)
    {
        _plan = plan;
        _entries = entries;
        Size = size;
    }

    /// <summary>The size of the section's contents in bytes, with the count.</summary>
    public long Size { get; }

    public static CodeLayout Make(OutputPlan plan)
    {
        var entries = new uint[plan.Functions.Count];
        long offset = Leb128.SizeU32((uint)entries.Length);
        for (int i = 0; i < entries.Length; i++)
        {
            entries[i] = (uint)offset;
            uint size = BodySize(plan, plan.Functions[i]);
            offset += Leb128.SizeU32(size) + size;
        }
        return new CodeLayout(plan, entries, offset);
    }

    /// <summary>Where the entry (size, then body) of the n-th defined function starts in the section's contents.</summary>
    public uint EntryOf(int function) => _entries[function];

    /// <summary>Where the body of a function starts in the section's contents: what DWARF calls its address.</summary>
    public ulong OffsetOfFunctionIndex(uint index)
    {
        int function = (int)(index - _plan.ImportedFunctionCount);
        return _entries[function] + (ulong)Leb128.SizeU32(BodySize(_plan, _plan.Functions[function]));
    }

    public static uint BodySize(OutputPlan plan, OutputFunction function) => function.Owner is null
        ? (uint)plan.SyntheticFunctions[(int)function.Function].Body.Length
        : function.Owner.Object.Functions[function.Function].BodySize;
}
