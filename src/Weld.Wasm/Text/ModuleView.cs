using System.Text;
using Weld.Wasm.Binary;
using Weld.Wasm.Linking;
using Weld.Wasm.Sections;

namespace Weld.Wasm.Text;

/// <summary>One section of a module: where its contents are (after the name of a custom section).</summary>
internal readonly record struct SectionView(SectionId Id, string Name, int Start, int Length, int PayloadStart);

/// <summary>What a dump needs to know before it prints: the sections, the index spaces and the names.</summary>
/// <remarks>The module's bytes must not move while it is used.</remarks>
internal sealed class ModuleView
{
    private readonly Dictionary<(NameSubsection Kind, uint Index), string> _names = [];

    public List<SectionView> Sections { get; } = [];

    public Signature[] Types { get; private set; } = [];

    public Import[] Imports { get; private set; } = [];

    public uint[] Functions { get; private set; } = [];

    public SegmentInfo[] SegmentInfo { get; private set; } = [];

    /// <summary>The symbols of an object.</summary>
    public List<SymbolEntry> Symbols { get; } = [];

    public string? ModuleName { get; private set; }

    public static ModuleView Read(ReadOnlySpan<byte> module)
    {
        var view = new ModuleView();
        var reader = new WasmReader(module);
        ModuleHeader.Read(ref reader);
        while (!reader.AtEnd)
        {
            var id = (SectionId)reader.ReadByte();
            uint size = reader.ReadLebU32();
            int start = reader.Position;
            var contents = new WasmReader(reader.ReadBytes(size), start);
            string name = id == SectionId.Custom ? Encoding.UTF8.GetString(contents.ReadName()) : "";
            view.Sections.Add(new SectionView(id, name, start + contents.Position, (int)size - contents.Position, start));
        }
        foreach (SectionView section in view.Sections)
            view.ReadSection(section, module);
        return view;
    }

    public uint ImportCount(ExternalKind kind) => (uint)Imports.Count(import => import.Kind == kind);

    /// <summary>The name of an index, in angle brackets after a space; empty when it has none.</summary>
    public string NameOf(NameSubsection kind, uint index) => _names.TryGetValue((kind, index), out string? name) ? $" <{name}>" : "";

    public SectionView? Find(SectionId id)
    {
        int index = Sections.FindIndex(section => section.Id == id);
        return index < 0 ? null : Sections[index];
    }

    private void ReadSection(SectionView section, ReadOnlySpan<byte> module)
    {
        var reader = new WasmReader(module.Slice(section.Start, section.Length), section.Start);
        switch (section.Id, section.Name)
        {
            case (SectionId.Type, _):
                Types = TypeSection.Read(ref reader);
                break;
            case (SectionId.Import, _):
                Imports = ImportSection.Read(ref reader);
                break;
            case (SectionId.Function, _):
                Functions = FunctionSection.Read(ref reader);
                break;
            case (SectionId.Custom, "name"):
                ReadNames(ref reader);
                break;
            case (SectionId.Custom, "linking"):
                ReadLinking(ref reader);
                break;
        }
    }

    private void ReadNames(ref WasmReader reader)
    {
        while (!reader.AtEnd)
        {
            var kind = (NameSubsection)reader.ReadByte();
            var contents = new WasmReader(reader.ReadBytes(reader.ReadLebU32()), reader.FileOffset);
            if (kind == NameSubsection.Module)
            {
                ModuleName = Encoding.UTF8.GetString(contents.ReadName());
                continue;
            }
            if (kind is not (NameSubsection.Function or NameSubsection.Global or NameSubsection.DataSegment))
                continue;
            for (int left = contents.ReadCount("name", minimumSize: 2); left > 0; left--)
                _names[(kind, contents.ReadLebU32())] = Encoding.UTF8.GetString(contents.ReadName());
        }
    }

    private void ReadLinking(ref WasmReader reader)
    {
        LinkingSection.ReadVersion(ref reader);
        while (!reader.AtEnd)
        {
            WasmReader contents = LinkingSection.ReadSubsection(ref reader, out LinkingSubsection kind);
            if (kind == LinkingSubsection.SegmentInfo)
                SegmentInfo = LinkingSection.ReadSegmentInfo(ref contents);
            if (kind == LinkingSubsection.SymbolTable)
                for (int left = contents.ReadCount("symbol", minimumSize: 2); left > 0; left--)
                    Symbols.Add(LinkingSection.ReadSymbol(ref contents));
        }
    }
}
