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

    private const int PieceShift = 9;
    private const int FunctionsPerPiece = 1 << PieceShift;
    private const int BlockSize = 64 * 1024;

    /// <summary>The number of the text of each live function, counted from 1 on; 0 for none. Asking the object again would be waiting for its memory again.</summary>
    private readonly int[] _numbers;

    /// <summary>The texts of names that objects share, by <see cref="NameId"/>.</summary>
    private readonly Utf8String[] _shared;

    /// <summary>The texts of local functions, by piece. Their numbers follow those of the others.</summary>
    private readonly Utf8String[]?[] _local;

    private readonly List<Piece> _pieces;

    /// <summary>The names that a thread has taken on.</summary>
    private readonly IdSet<NameId> _taken;

    /// <summary>The memory of the texts, which must stay where it is.</summary>
    private readonly List<byte[]> _blocks = [];
    private long _blocksLength;

    private FunctionNames(ResolvedProgram program, bool demangles)
    {
        AreDemangled = demangles;
        int limit = program.Inputs.Names.Limit;
        _numbers = new int[program.FunctionCount];
        _shared = new Utf8String[limit];
        _taken = new IdSet<NameId>(limit);
        _pieces = new List<Piece>(program.Objects.Count);
        foreach (LinkedObject owner in program.Objects)
            for (int first = 0; first < owner.Object.Functions.Length; first += FunctionsPerPiece)
                _pieces.Add(new Piece(owner, first, Math.Min(first + FunctionsPerPiece, owner.Object.Functions.Length)));
        _local = new Utf8String[_pieces.Count][];
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
        names.Collect(live, options.Threads);
        return names.AreTooLong ? RunWithoutDemangling(program, live, options) : names;
    }

    /// <summary>As <see cref="Run"/>, when demangled names turn out to be too long.</summary>
    public static FunctionNames RunWithoutDemangling(ResolvedProgram program, LiveSet live, LinkOptions options)
    {
        var names = new FunctionNames(program, demangles: false);
        names.Collect(live, options.Threads);
        return names;
    }

    /// <summary>The name of a live function of an object; false if the object gives it none.</summary>
    public bool TryGet(FunctionId function, out Utf8String name)
    {
        int number = _numbers[function.Index] - 1;
        int local = number - _shared.Length;
        name = number < 0 ? default : local < 0 ? _shared[number] : _local[local >> PieceShift]![local & (FunctionsPerPiece - 1)];
        return number >= 0;
    }

    private void Collect(LiveSet live, int threads) =>
        Workers.ForEach(_pieces.Count, threads, () => new TextWriter(this), (writer, piece) => Collect(piece, live, writer));

    private void Collect(int piece, LiveSet live, TextWriter writer)
    {
        (LinkedObject owner, int first, int end) = _pieces[piece];
        end += owner.FirstFunction;
        for (int i = live.Functions.Next(owner.FirstFunction + first, end); i < end && !AreTooLong; i = live.Functions.Next(i + 1, end))
        {
            int function = i - owner.FirstFunction;
            int index = owner.Object.Functions[function].NameSymbol;
            if (index < 0)
                continue;
            ref InputSymbol symbol = ref owner.Object.Symbols[index];
            if (symbol.NameLength == 0)
                continue;
            if (symbol.Name.IsNone)
            {
                Utf8String[] texts = _local[piece] ??= new Utf8String[FunctionsPerPiece];
                texts[function - first] = Show(owner.Object.NameOf(symbol), writer);
                _numbers[i] = 1 + _shared.Length + (piece << PieceShift) + function - first;
                continue;
            }
            _numbers[i] = 1 + symbol.Name.Index;
            if (_taken.AddShared(symbol.Name))
                _shared[symbol.Name.Index] = Show(owner.Object.NameOf(symbol), writer);
        }
    }

    private Utf8String Show(Utf8String name, TextWriter writer)
    {
        ReadOnlySpan<byte> shown = SymbolNames.GetDisplayName(name.Bytes, AreDemangled);
        return shown == name.Bytes ? name : writer.Write(shown);
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
