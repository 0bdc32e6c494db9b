using System.Diagnostics;
using Weld.Wasm.Binary;
using Weld.Wasm.Sections;

namespace Weld.Mir.Objects;

/// <summary>The sections of a module, one after another; empty ones are left out.</summary>
internal sealed class SectionList
{
    private readonly WasmWriter _module;
    private readonly WasmWriter _section = new(1 << 12);
    private int _count;

    /// <param name="buffer">Where to write, if it is large enough.</param>
    public SectionList(byte[] buffer)
    {
        _module = new WasmWriter(buffer);
        _module.WriteBytes(ModuleHeader.Bytes);
    }

    /// <summary>All sections so far, without a copy.</summary>
    public ReadOnlyMemory<byte> Bytes => _module.WrittenMemory;

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

    /// <summary>As <see cref="Add"/>, of a section whose size is known, so that its contents are written in place.</summary>
    public int AddSized(SectionId id, int size, Action<WasmWriter> write, int entries)
    {
        if (entries == 0)
            return -1;
        _module.WriteByte((byte)id);
        _module.WriteLebU32((uint)size);
        int start = _module.Length;
        write(_module);
        Debug.Assert(_module.Length - start == size, "the size is another one");
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
}
