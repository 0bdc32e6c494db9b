using Weld.Wasm.Binary;

namespace Weld.Mir.Lowering;

/// <summary>Operands of a finished module: final numbers in the shortest form.</summary>
public sealed class FinalOperands : IMirOperands
{
    private readonly IMirResolver _resolver;
    private readonly bool _is64;

    public FinalOperands(IMirResolver resolver, bool is64)
    {
        _resolver = resolver;
        _is64 = is64;
    }

    public uint ErrorCount => _resolver.ErrorCount;

    public void Write(WasmWriter output, MirUse use, MirReference target, long addend, int alignmentLog2 = 0)
    {
        ArgumentNullException.ThrowIfNull(output);
        ulong value = unchecked(_resolver.Resolve(use, target) + (ulong)addend);
        // Constants have a sign: 0x80000000 as an address is the i32 with that bit pattern, a negative one.
        if (use is MirUse.Index)
            output.WriteLebU32(checked((uint)value));
        else if (use is MirUse.Offset)
            output.WriteLebU64(_is64 ? value : (uint)value);
        else if (_is64)
            output.WriteLebS64(unchecked((long)value));
        else
            output.WriteLebS32(unchecked((int)value));
    }
}
