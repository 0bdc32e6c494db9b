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

    private static NameId[] ReadSymbolTable(NameTable names, ref WasmReader reader)
    {
        int count = reader.ReadCount("symbol", minimumSize: 3);
        var symbols = new NameId[count];
        int defined = 0;
        for (int i = 0; i < count; i++)
        {
            SymbolEntry entry = LinkingSection.ReadSymbol(ref reader);
            if (entry.IsDefined && (entry.Flags & SymbolFlags.BindingMask) != SymbolFlags.Local && !entry.Name.IsEmpty)
                symbols[defined++] = names.Intern(entry.Name);
        }
        return symbols[..defined];
    }
}
