using Weld.Wasm.Binary;
using Weld.Wasm.Sections;

namespace Weld.Mir.Objects;

/// <summary>The sections of a module, one after another; empty ones are left out.</summary>
internal sealed class SectionList
{
    private readonly WasmWriter _module = new(1 << 16);
    private readonly WasmWriter _section = new(1 << 12);
    private int _count;

    public SectionList() => _module.WriteBytes(ModuleHeader.Bytes);

    /// <summary>Adds a section unless <paramref name="entries"/> is 0, and returns its number in the file.</summary>
    public int Add(SectionId id, Action<WasmWriter> write, int entries = 1)
    {
        if (entries == 0)
            return -1;
        _section.Clear();
        write(_section);
        _module.WriteByte((byte)id);
        _module.WriteSized(_section);
        return _count++;
    }

    public void AddCustom(ReadOnlySpan<byte> name, Action<WasmWriter> write, int entries = 1)
    {
        if (entries == 0)
            return;
        _section.Clear();
        write(_section);
        _module.WriteByte((byte)SectionId.Custom);
        _module.WriteSized(CustomSection.Make(name, _section));
        _count++;
    }

    public byte[] ToArray() => _module.ToArray();
}
