using Weld.Mir;
using Weld.Mir.Intrinsics;
using Weld.Mir.Modules;

namespace Weld.Cli;

/// <summary>The listing of <c>--emit=mir</c>: all functions of a module, with the names of what they refer to.</summary>
internal static class MirText
{
    public static string Print(ModuleObject module)
    {
        var listing = new MirListing(reference => NameOf(module, reference), module.Signatures);
        foreach ((MirFunctionId _, MirFunctionItem item) in module.Functions.All())
            if (item.Body is not null)
                listing.Add(item.Body, $"@{item.Name}");
        return listing.ToString();
    }

    private static string? NameOf(ModuleObject module, MirReference reference) => reference.Kind switch
    {
        MirReferenceKind.Function => module.Functions[new MirFunctionId(reference.Id)]?.Name,
        MirReferenceKind.Data => module.Data[new MirDataId(reference.Id)]?.Name,
        MirReferenceKind.Global => module.Globals[new MirGlobalId(reference.Id)]?.Name,
        MirReferenceKind.Tag => module.Tags[new MirTagId(reference.Id)]?.Name,
        MirReferenceKind.TagName => module.Enums[new MirEnumId(reference.Id)]?.Name,
        MirReferenceKind.Intrinsic => IntrinsicTable.Get((Intrinsic)reference.Id).Symbol,
        _ => null,
    };
}
