using Weld.Base;
using Weld.Base.Diagnostics;
using Weld.Wasm.Binary;
using Weld.Wasm.Linking;
using Weld.Wasm.Sections;

namespace Weld.Linker.Inputs;

/// <summary>Reads from an archive member only the names that it defines: what is needed to know whether to link it.</summary>
/// <remarks>The archive's own index is not used, because it can be missing or wrong. All sections but one are stepped over.</remarks>
public static class LazySymbolReader
{
    public static NameId[] Read(InputFile file, NameTable names)
    {
        var reader = new WasmReader(file.Bytes);
        ModuleHeader.Read(ref reader);
        while (!reader.AtEnd)
        {
            long start = reader.FileOffset;
            byte id = reader.ReadByte();
            uint size = reader.ReadLebU32();
            if (size > (uint)reader.Remaining)
                throw new MalformedInputException("section too large", start);
            long offset = reader.FileOffset;
            var section = new WasmReader(reader.ReadBytes(size), offset);
            if (id == (byte)SectionId.Custom && section.ReadName().SequenceEqual(LinkingSection.Name))
                return ReadLinkingSection(names, ref section);
        }
        throw new MalformedInputException("not a relocatable wasm file", 0);
    }

    private static NameId[] ReadLinkingSection(NameTable names, ref WasmReader section)
    {
        LinkingSection.ReadVersion(ref section);
        while (!section.AtEnd)
        {
            WasmReader subsection = LinkingSection.ReadSubsection(ref section, out LinkingSubsection kind);
            if (kind == LinkingSubsection.SymbolTable)
                return ReadSymbolTable(names, ref subsection);
        }
        return [];
    }

    /// <summary>Whether a symbol is one of those that are listed, in the order of the symbol table.</summary>
    public static bool IsListed(SymbolFlags flags, uint nameLength) =>
        (flags & SymbolFlags.Undefined) == 0 && (flags & SymbolFlags.BindingMask) != SymbolFlags.Local && nameLength != 0;

    private static NameId[] ReadSymbolTable(NameTable names, ref WasmReader reader)
    {
        int count = reader.ReadCount("symbol", minimumSize: 3);
        NameId[] symbols = GC.AllocateUninitializedArray<NameId>(count);
        Span<Utf8String> group = stackalloc Utf8String[NameTable.GroupSize];
        int defined = 0;
        int waiting = 0;
        for (int i = 0; i < count; i++)
        {
            SymbolEntry entry = LinkingSection.ReadSymbol(ref reader);
            if (!IsListed(entry.Flags, (uint)entry.Name.Length))
                continue;
            group[waiting++] = entry.Name;
            if (waiting < NameTable.GroupSize)
                continue;
            names.Intern(group, symbols.AsSpan(defined));
            defined += waiting;
            waiting = 0;
        }
        names.Intern(group[..waiting], symbols.AsSpan(defined));
        return symbols[..(defined + waiting)];
    }
}
