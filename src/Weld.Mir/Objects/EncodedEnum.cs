using Weld.Mir.Modules;
using Weld.Wasm.Sections;

namespace Weld.Mir.Objects;

/// <summary>What an object needs to give an enum's names.</summary>
/// <param name="Type">The type of the function.</param>
/// <param name="Body">The function.</param>
/// <param name="Table">The names, in the order in which the function counts them.</param>
internal sealed record EncodedEnum(Signature Type, EncodedBody Body, MirDataContents Table)
{
    public static EncodedEnum Make(int slot, MirEnumItem item, ModuleObject module)
    {
        Signature type = TagNameFunction.Type(item, module.Is64);
        var table = new MirReference(MirReferenceKind.TagNameTable, slot);
        MirFunction function = TagNameFunction.Make(new MirBuilder(module.Is64), module.Signatures.Add(type), item, default);
        EncodedBody body = module.Encode(function);
        // The only constant that such a function refers to is its table.
        EncodedRelocation[] relocations = [.. body.Relocations.Select(relocation =>
            relocation.Target.Kind == MirReferenceKind.Constant ? relocation with { Target = table } : relocation)];
        return new EncodedEnum(type, body with { Relocations = relocations }, SliceTable.Make(TagNameFunction.Rows(item), module.Is64, table));
    }
}
