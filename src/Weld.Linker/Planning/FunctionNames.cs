using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Weld.Base;
using Weld.Base.Ids;
using Weld.Linker.Diagnostics;
using Weld.Linker.Inputs;
using Weld.Linker.Liveness;
using Weld.Linker.Options;
using Weld.Linker.Resolution;

namespace Weld.Linker.Planning;

/// <summary>What the name section calls the functions of objects: each name is demangled once.</summary>
/// <remarks>Demangling is most of the work for a name section and needs to know nothing but which functions are live, so it is done beside what one
/// thread plans. Without garbage collection, an inline function is in the output as often as objects have it.</remarks>
public sealed unsafe class FunctionNames
{
    /// <summary>Malicious names grow some hundredfold. Name sections of this size are of no use to anyone, so mangled names have to do.</summary>
    public const long LongestText = 512 << 20;

    private const int FunctionsPerPiece = 512;
    private const int BlockSize = 64 * 1024;

    // Where the texts of a name, or of a local function, would be is null if it is shown as it is.
    private readonly Utf8String[] _shared;
    private readonly Utf8String[]?[] _local;

    /// <summary>The names that a thread has taken on.</summary>
    private readonly IdSet<NameId> _taken;

    /// <summary>The memory of the texts, which must stay where it is.</summary>
    private readonly List<byte[]> _blocks = [];
    private long _blocksLength;

    private FunctionNames(ResolvedProgram program, bool demangles)
    {
        AreDemangled = demangles;
        int limit = program.Inputs.Names.Limit;
        _shared = new Utf8String[limit];
        _taken = new IdSet<NameId>(limit);
        _local = new Utf8String[program.FilesByIndex.Count][];
    }

    /// <summary>Functions of an object that follow each other.</summary>
    private readonly record struct Piece(LinkedObject Owner, int First, int End);

    /// <summary>Whether names are shown as their authors wrote them, and not as compilers spell them.</summary>
    public bool AreDemangled { get; }

    private bool AreTooLong => Interlocked.Read(ref _blocksLength) > LongestText;

    /// <summary>Makes the names of the live functions.</summary>
    public static FunctionNames Run(ResolvedProgram program, LiveSet live, LinkOptions options)
    {
        var names = new FunctionNames(program, options.Demangle);
        names.Collect(program, live, options.Threads);
        return names.AreTooLong ? RunWithoutDemangling(program, live, options) : names;
    }

    /// <summary>As <see cref="Run"/>, when demangled names turn out to be too long.</summary>
    public static FunctionNames RunWithoutDemangling(ResolvedProgram program, LiveSet live, LinkOptions options)
    {
        var names = new FunctionNames(program, demangles: false);
        names.Collect(program, live, options.Threads);
        return names;
    }

    /// <summary>The name of a live function; false if its object gives it none.</summary>
    public bool TryGet(LinkedObject owner, uint function, out Utf8String name)
    {
        name = default;
        int index = owner.Object.Functions[function].NameSymbol;
        if (index < 0)
            return false;
        ref InputSymbol symbol = ref owner.Object.Symbols[index];
        if (!symbol.Name.IsNone)
            name = _shared[symbol.Name.Index];
        else if (_local[owner.Index] is { } texts)
            name = texts[function];
        if (name.Pointer is null)
            name = owner.Object.NameOf(symbol);
        return symbol.NameLength != 0;
    }

    private void Collect(ResolvedProgram program, LiveSet live, int threads)
    {
        var pieces = new List<Piece>(program.Objects.Count);
        foreach (LinkedObject owner in program.Objects)
            for (int first = 0; first < owner.Object.Functions.Length; first += FunctionsPerPiece)
                pieces.Add(new Piece(owner, first, Math.Min(first + FunctionsPerPiece, owner.Object.Functions.Length)));
        Workers.ForEach(pieces.Count, threads, () => new TextWriter(this), (writer, index) => Collect(pieces[index], live, writer));
    }

    private void Collect(Piece piece, LiveSet live, TextWriter writer)
    {
        LinkedObject owner = piece.Owner;
        int end = owner.FirstFunction + piece.End;
        for (int i = live.Functions.Next(owner.FirstFunction + piece.First, end); i < end && !AreTooLong; i = live.Functions.Next(i + 1, end))
        {
            int function = i - owner.FirstFunction;
            int index = owner.Object.Functions[function].NameSymbol;
            if (index < 0)
                continue;
            ref InputSymbol symbol = ref owner.Object.Symbols[index];
            if (!symbol.Name.IsNone && !_taken.AddShared(symbol.Name))
                continue;
            ReadOnlySpan<byte> name = owner.Object.NameOf(symbol).Bytes;
            ReadOnlySpan<byte> shown = SymbolNames.GetDisplayName(name, AreDemangled);
            if (shown == name)
                continue;
            if (symbol.Name.IsNone)
                LocalsOf(owner)[function] = writer.Write(shown);
            else
                _shared[symbol.Name.Index] = writer.Write(shown);
        }
    }

    private Utf8String[] LocalsOf(LinkedObject owner)
    {
        ref Utf8String[]? texts = ref _local[owner.Index];
        if (texts is null)
            Interlocked.CompareExchange(ref texts, new Utf8String[owner.Object.Functions.Length], null);
        return texts;
    }

    private byte[] MakeBlock(int size)
    {
        byte[] block = GC.AllocateUninitializedArray<byte>(size, pinned: true);
        Interlocked.Add(ref _blocksLength, size);
        lock (_blocks)
            _blocks.Add(block);
        return block;
    }

    /// <summary>A thread's texts, one after the other.</summary>
    private sealed class TextWriter(FunctionNames names)
    {
        private byte[] _block = [];
        private int _length;

        public Utf8String Write(ReadOnlySpan<byte> text)
        {
            if (text.Length > _block.Length - _length)
            {
                _block = names.MakeBlock(Math.Max(text.Length, BlockSize));
                _length = 0;
            }
            Span<byte> place = _block.AsSpan(_length, text.Length);
            text.CopyTo(place);
            byte* start = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_block)) + _length;
            _length += text.Length;
            return new Utf8String(start, text.Length);
        }
    }
}
