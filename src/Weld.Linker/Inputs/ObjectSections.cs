using System.Runtime.InteropServices;
using Weld.Wasm.Sections;

namespace Weld.Linker.Inputs;

/// <summary>The sections of the object that a thread is reading. Their lists grow once a thread and not for each object.</summary>
internal sealed class ObjectSections
{
    [ThreadStatic]
    private static ObjectSections? _ofThread;

    private readonly List<Section> _sections = [];
    private readonly List<InputCustomSection> _custom = [];

    private ObjectSections()
    {
    }

    /// <summary>What a section is.</summary>
    private struct Section
    {
        public SectionId Id;
        public bool IsRelocated;

        /// <summary>Its place among the custom sections, or -1.</summary>
        public int Custom;
    }

    /// <summary>No sections. This ends the use of those of the object before.</summary>
    public static ObjectSections Begin()
    {
        ObjectSections sections = _ofThread ??= new ObjectSections();
        sections._sections.Clear();
        sections._custom.Clear();
        return sections;
    }

    public int Count => _sections.Count;

    public ReadOnlySpan<InputCustomSection> Custom => CollectionsMarshal.AsSpan(_custom);

    public void Add(SectionId id) => _sections.Add(new Section { Id = id, Custom = -1 });

    /// <summary>Adds a custom section, as the last section.</summary>
    public void Add(InputCustomSection section)
    {
        section.SectionIndex = _sections.Count;
        _sections.Add(new Section { Id = SectionId.Custom, Custom = _custom.Count });
        _custom.Add(section);
    }

    public SectionId IdOf(uint section) => _sections[(int)section].Id;

    /// <summary>The place of a section among the custom ones; false when it is not one, or there is no such section.</summary>
    public bool TryGetCustom(uint section, out uint place)
    {
        place = section < (uint)_sections.Count ? (uint)_sections[(int)section].Custom : uint.MaxValue;
        return place < (uint)_custom.Count;
    }

    /// <summary>A custom section, to be changed.</summary>
    public ref InputCustomSection CustomAt(uint place) => ref CollectionsMarshal.AsSpan(_custom)[(int)place];

    /// <returns>False when the section has been marked before.</returns>
    public bool TryMarkRelocated(uint section)
    {
        ref Section entry = ref CollectionsMarshal.AsSpan(_sections)[(int)section];
        bool isFirst = !entry.IsRelocated;
        entry.IsRelocated = true;
        return isFirst;
    }
}
