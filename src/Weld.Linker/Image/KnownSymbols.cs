using System.Runtime.InteropServices;
using Weld.Linker.Planning;
using Weld.Linker.Resolution;

namespace Weld.Linker.Image;

/// <summary>What relocations of custom sections get for each symbol of each object: eight bytes, zero until somebody needed them.</summary>
/// <remarks>A function is in several sections of debug information, each of which is written for itself. Several threads may find out the same at once,
/// and write the same.</remarks>
internal sealed unsafe class KnownSymbols
{
    private readonly ulong* _symbols;
    private readonly nuint[] _first;

    public KnownSymbols(OutputPlan plan, CodeLayout code)
    {
        IReadOnlyList<LinkedObject> objects = plan.Program.FilesByIndex;
        _first = new nuint[objects.Count];
        nuint count = 0;
        for (int i = 0; i < _first.Length; i++)
        {
            _first[i] = count;
            count += (nuint)objects[i].Bindings.Length;
        }
        BodyOffsets = code.MakeBodyOffsets();
        // Pages that nobody asks for take no memory.
        _symbols = (ulong*)NativeMemory.AllocZeroed(Math.Max(count, 1), sizeof(ulong));
    }

    ~KnownSymbols() => NativeMemory.Free(_symbols);

    /// <summary>By <see cref="FunctionId"/>: see <see cref="CodeLayout.MakeBodyOffsets"/>.</summary>
    public uint[] BodyOffsets { get; }

    /// <summary>The symbols of an object.</summary>
    public ulong* Of(LinkedObject owner) => _symbols + _first[owner.Index];
}
