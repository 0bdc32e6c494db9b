using Weld.Mir.Lowering;
using Weld.Wasm.Binary;
using Weld.Wasm.Linking;

namespace Weld.Mir.Objects;

/// <summary>Operands of an object file: zeros of full width, each with a relocation.</summary>
internal sealed class RelocatableOperands : IMirOperands
{
    private readonly ObjectSymbols _symbols;
    private readonly ObjectTypes _types;
    private readonly bool _is64;
    private readonly bool _hasTableNumbers;

    public RelocatableOperands(ObjectSymbols symbols, ObjectTypes types, uint errorCount, bool is64, bool hasTableNumbers)
    {
        _symbols = symbols;
        _types = types;
        _is64 = is64;
        _hasTableNumbers = hasTableNumbers;
        ErrorCount = errorCount;
    }

    public uint ErrorCount { get; }

    /// <summary>The relocations so far; offsets count from the start of the buffer that is written to.</summary>
    public List<Relocation> Relocations { get; } = [];

    public void Write(WasmWriter output, MirUse use, MirReference target, long addend)
    {
        // Without reference types, the table is a byte that must be 0.
        if (target.Kind == MirReferenceKind.Table && !_hasTableNumbers)
        {
            _symbols.IndexOf(target);
            output.WriteByte(0);
            return;
        }
        int index = target.Kind == MirReferenceKind.Signature ? _types.IndexOf(new MirSignatureId(target.Id)) : _symbols.IndexOf(target);
        RelocationKind kind = ObjectRelocations.OfCode(use, target.Kind, _is64);
        Relocations.Add(new Relocation(kind, (uint)output.Length, (uint)index, addend));
        int width = RelocationTable.Get(kind).Width;
        Leb128.WritePaddedU64(output.GetSpan(width)[..width], 0);
        output.Advance(width);
    }
}
