using Weld.Linker.Inputs;
using Weld.Linker.Planning;
using Weld.Linker.Resolution;
using Weld.Wasm.Binary;

namespace Weld.Linker.Image;

/// <summary>Where each function body is in the code section.</summary>
public sealed class CodeLayout
{
    private readonly OutputPlan _plan;
    private readonly uint[] _entries;
    private readonly uint[] _sizes;
    private readonly Compression _compression;

    private CodeLayout(OutputPlan plan, uint[] sizes, Compression compression)
    {
        _plan = plan;
        _compression = compression;
        _sizes = sizes;
        _entries = new uint[sizes.Length];
        long offset = Leb128.SizeU32((uint)sizes.Length);
        for (int i = 0; i < sizes.Length; i++)
        {
            _entries[i] = (uint)offset;
            offset += Leb128.SizeU32(sizes[i]) + sizes[i];
        }
        Size = offset;
    }

    /// <summary>The size of the section's contents in bytes, with the count.</summary>
    public long Size { get; }

    public static CodeLayout Make(OutputPlan plan)
    {
        Compression compression = CompressionOf(plan);
        var sizes = new uint[plan.Functions.Count];
        if (compression == Compression.None)
            for (int i = 0; i < sizes.Length; i++)
                sizes[i] = InputSize(plan, plan.Functions[i]);
        else
            Workers.ForEach(sizes.Length, plan.Options.Threads, () => new RelocationValues(plan, null),
                (values, index) => sizes[index] = IsCompressed(compression, plan.Functions[index].Owner)
                    ? CompressedSize(plan, plan.Functions[index], values)
                    : InputSize(plan, plan.Functions[index]));
        return new CodeLayout(plan, sizes, compression);
    }

    /// <summary>Whether the numbers that the linker fills in are written as short as they can be in functions of this object.</summary>
    public bool IsCompressed(LinkedObject? owner) => IsCompressed(_compression, owner);

    /// <summary>Where the entry (size, then body) of the n-th defined function starts in the section's contents.</summary>
    public uint EntryOf(int function) => _entries[function];

    /// <summary>The size of the body of the n-th defined function in the output.</summary>
    public uint SizeOf(int function) => _sizes[function];

    /// <summary>Where the body of a function starts in the section's contents: what DWARF calls its address.</summary>
    public ulong OffsetOfFunctionIndex(uint index)
    {
        int function = (int)(index - _plan.ImportedFunctionCount);
        return _entries[function] + (ulong)Leb128.SizeU32(_sizes[function]);
    }

    /// <summary>Where the body of each function starts in the section's contents, by <see cref="FunctionId"/>; 0 for those that have none of their own.</summary>
    public uint[] MakeBodyOffsets()
    {
        var offsets = new uint[_plan.FunctionIndex.Length];
        for (int i = 0; i < _entries.Length; i++)
            offsets[_plan.Functions[i].Id.Index] = _entries[i] + (uint)Leb128.SizeU32(_sizes[i]);
        return offsets;
    }

    /// <summary>Code that gets shorter no longer fits debug information, nor relocations that are kept.</summary>
    private static Compression CompressionOf(OutputPlan plan)
    {
        if (plan.Options.Relocatable || plan.Options.EmitRelocs)
            return Compression.None;
        bool isForAll = plan.Options.CompressRelocations
            || (plan.Options.Optimize >= 2 && !plan.CustomSections.Exists(static section => section.Name.StartsWith(".debug_"u8)));
        return isForAll ? Compression.All : plan.Program.Objects.Any(static owner => owner.Object.File.MayShortenCode) ? Compression.OfSome : Compression.None;
    }

    private static bool IsCompressed(Compression compression, LinkedObject? owner) =>
        compression == Compression.All || (compression == Compression.OfSome && owner is not null && owner.Object.File.MayShortenCode);

    private static uint InputSize(OutputPlan plan, OutputFunction function) => function.Owner is null
        ? (uint)plan.SyntheticFunctions[(int)function.Function].Body.Length
        : function.BodySize;

    private static uint CompressedSize(OutputPlan plan, OutputFunction function, RelocationValues values)
    {
        if (function.Owner is not { } owner)
            return InputSize(plan, function);
        ref InputFunction input = ref owner.Object.Functions[function.Function];
        // Problems with relocations are reported when they are applied.
        values.SetOwner(owner);
        return input.BodySize - values.SavedBytes(owner.Object.RelocationsOf(input));
    }

    private enum Compression
    {
        None,

        /// <summary>Of objects that say that it does no harm: those in memory.</summary>
        OfSome,
        All,
    }
}
