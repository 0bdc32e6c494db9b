using Weld.Base;
using Weld.Wasm.Binary;
using Weld.Wasm.Linking;
using Weld.Wasm.Sections;

namespace Weld.Linker.Inputs;

/// <summary>A function or variable that a shared library defines.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Flags">Thread-local, weak and so on.</param>
/// <param name="Type">Of a function: its type; null for data.</param>
public sealed record SharedSymbol(Utf8String Name, SymbolFlags Flags, Signature? Type);

/// <summary>A module with a <c>dylink.0</c> section: what other modules can use of it.</summary>
/// <remarks>https://github.com/WebAssembly/tool-conventions/blob/main/DynamicLinking.md. Data is exported as an immutable
/// global that holds the offset from the library's <c>__memory_base</c>.</remarks>
public sealed class SharedLibrary
{
    private SharedLibrary(List<SharedSymbol> symbols) => Symbols = symbols;

    public IReadOnlyList<SharedSymbol> Symbols { get; }

    /// <summary>Whether a wasm module is a shared library: its first section says so.</summary>
    public static bool IsShared(ReadOnlySpan<byte> module)
    {
        // Module header, section number, section size of one to five bytes, length of the name.
        for (int size = 1; size <= 5; size++)
        {
            int name = ModuleHeader.Size + 1 + size;
            if (module.Length <= name + DylinkSection.Name.Length || module[ModuleHeader.Size] != (byte)SectionId.Custom)
                return false;
            if (module[name] == DylinkSection.Name.Length && module.Slice(name + 1, DylinkSection.Name.Length).SequenceEqual(DylinkSection.Name))
                return true;
        }
        return false;
    }

    public static SharedLibrary Read(InputFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var reader = new WasmReader(file.Bytes);
        ModuleHeader.Read(ref reader);
        var parser = new Parser();
        while (!reader.AtEnd)
        {
            byte id = reader.ReadByte();
            uint size = reader.ReadLebU32();
            long offset = reader.FileOffset;
            var section = new WasmReader(reader.ReadBytes(size), offset);
            parser.ReadSection((SectionId)id, ref section);
        }
        return new SharedLibrary(parser.Symbols());
    }

    private sealed class Parser
    {
        private readonly List<uint> _functionTypes = [];
        private readonly Dictionary<Utf8String, SymbolFlags> _flags = [];
        private Signature[] _types = [];
        private Export[] _exports = [];
        private int _importedGlobals;

        public void ReadSection(SectionId id, ref WasmReader section)
        {
            switch (id)
            {
                case SectionId.Custom when section.ReadName().SequenceEqual(DylinkSection.Name):
                    foreach (DylinkExport export in DylinkSection.Read(ref section).Exports)
                        _flags[export.Name] = export.Flags;
                    break;
                case SectionId.Type:
                    _types = TypeSection.Read(ref section);
                    break;
                case SectionId.Import:
                    foreach (Import import in ImportSection.Read(ref section))
                    {
                        if (import.Kind == ExternalKind.Function)
                            _functionTypes.Add(import.TypeIndex);
                        else if (import.Kind == ExternalKind.Global)
                            _importedGlobals++;
                    }
                    break;
                case SectionId.Function:
                    _functionTypes.AddRange(FunctionSection.Read(ref section));
                    break;
                case SectionId.Export:
                    _exports = ExportSection.Read(ref section);
                    break;
            }
        }

        public List<SharedSymbol> Symbols()
        {
            var symbols = new List<SharedSymbol>();
            foreach (Export export in _exports)
            {
                if (IsOwn(export.Name))
                    continue;
                SymbolFlags flags = _flags.GetValueOrDefault(export.Name);
                if (export.Kind == ExternalKind.Global && export.Index >= _importedGlobals)
                    symbols.Add(new SharedSymbol(export.Name, flags, null));
                else if (export.Kind == ExternalKind.Function && export.Index < _functionTypes.Count && _functionTypes[(int)export.Index] < _types.Length)
                    symbols.Add(new SharedSymbol(export.Name, flags, _types[_functionTypes[(int)export.Index]]));
            }
            return symbols;
        }

        /// <summary>What each library has for itself, for its loader.</summary>
        private static bool IsOwn(Utf8String name) =>
            name.Equals("__wasm_apply_data_relocs"u8) || name.Equals("__wasm_call_ctors"u8) || name.StartsWith("__start_"u8) || name.StartsWith("__stop_"u8);
    }
}
