using System.Diagnostics;
using Weld.Wasm.Linking;

namespace Weld.Mir.Objects;

/// <summary>Which relocation kind a use needs: one row per use, one column per place and width of addresses.</summary>
internal static class ObjectRelocations
{
    public static RelocationKind OfCode(MirUse use, MirReferenceKind target, bool is64) => use switch
    {
        MirUse.Index => OfIndex(target),
        MirUse.Slot => is64 ? RelocationKind.TableIndexSleb64 : RelocationKind.TableIndexSleb,
        MirUse.Address => is64 ? RelocationKind.MemoryAddrSleb64 : RelocationKind.MemoryAddrSleb,
        MirUse.Offset => is64 ? RelocationKind.MemoryAddrLeb64 : RelocationKind.MemoryAddrLeb,
        MirUse.TlsOffset => is64 ? RelocationKind.MemoryAddrTlsSleb64 : RelocationKind.MemoryAddrTlsSleb,
        _ => throw new UnreachableException($"no relocation in code for {use}"),
    };

    public static RelocationKind OfData(MirUse use, bool is64) => use switch
    {
        MirUse.Slot => is64 ? RelocationKind.TableIndexI64 : RelocationKind.TableIndexI32,
        MirUse.Address => is64 ? RelocationKind.MemoryAddrI64 : RelocationKind.MemoryAddrI32,
        _ => throw new UnreachableException($"no relocation in data for {use}"),
    };

    private static RelocationKind OfIndex(MirReferenceKind target) => target switch
    {
        MirReferenceKind.Function or MirReferenceKind.Intrinsic or MirReferenceKind.TagName => RelocationKind.FunctionIndexLeb,
        MirReferenceKind.Signature => RelocationKind.TypeIndexLeb,
        MirReferenceKind.Global => RelocationKind.GlobalIndexLeb,
        MirReferenceKind.Tag => RelocationKind.TagIndexLeb,
        MirReferenceKind.Table => RelocationKind.TableNumberLeb,
        _ => throw new UnreachableException($"{target} has no index"),
    };
}
