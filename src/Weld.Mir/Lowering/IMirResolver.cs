namespace Weld.Mir.Lowering;

/// <summary>Knows the final numbers of what MIR names.</summary>
public interface IMirResolver
{
    uint ErrorCount { get; }

    /// <summary>The index, slot, address or thread-local offset of a thing.</summary>
    ulong Resolve(MirUse use, MirReference target);
}
