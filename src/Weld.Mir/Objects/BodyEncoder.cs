using System.Collections.Concurrent;
using Weld.Mir.Lowering;
using Weld.Mir.Modules;
using Weld.Wasm.Binary;
using Weld.Wasm.Linking;

namespace Weld.Mir.Objects;

/// <summary>Lowers functions for objects: zeros of full width for what is named, each with a relocation. One instance serves one thread.</summary>
internal sealed class BodyEncoder : IMirOperands
{
    private readonly ModuleObject _module;
    private readonly MirLowering _lowering;
    private readonly WasmWriter _output = new(1 << 12);
    private readonly List<EncodedRelocation> _relocations = [];
    private readonly bool _hasTableNumbers;
    private uint? _errorCount;

    public BodyEncoder(ModuleObject module)
    {
        _module = module;
        _lowering = new MirLowering(this);
        _hasTableNumbers = module.Features.Contains("reference-types") || module.Features.Contains("call-indirect-overlong");
    }

    // Asked for by code that has the number in it, and only then.
    uint IMirOperands.ErrorCount => _errorCount ??= _module.ErrorCount;

    public EncodedBody Encode(MirFunction body)
    {
        _output.Clear();
        _relocations.Clear();
        _errorCount = null;
        _lowering.Lower(body, _output);
        return new EncodedBody(body, _output.ToArray(), [.. _relocations], _errorCount);
    }

    void IMirOperands.Write(WasmWriter output, MirUse use, MirReference target, long addend, int alignmentLog2)
    {
        // Without reference types, the table is a byte that must be 0.
        if (target.Kind == MirReferenceKind.Table && !_hasTableNumbers)
        {
            _relocations.Add(new EncodedRelocation((uint)output.Length, target, 0, default, 0, IsOnlyReference: true));
            output.WriteByte(0);
            return;
        }
        RelocationKind kind = ObjectRelocations.OfCode(use, target.Kind, _module.Is64);
        _relocations.Add(new EncodedRelocation((uint)output.Length, target, checked((int)addend), kind, (byte)alignmentLog2));
        int width = RelocationTable.Get(kind).Width;
        Leb128.WritePaddedU64(output.GetSpan(width)[..width], 0);
        output.Advance(width);
    }
}

/// <summary>Encoders for any number of threads.</summary>
internal sealed class BodyEncoderPool(ModuleObject module)
{
    private readonly ConcurrentBag<BodyEncoder> _idle = [];

    public EncodedBody Encode(MirFunction body)
    {
        if (!_idle.TryTake(out BodyEncoder? encoder))
            encoder = new BodyEncoder(module);
        EncodedBody encoded = encoder.Encode(body);
        _idle.Add(encoder);
        return encoded;
    }
}
