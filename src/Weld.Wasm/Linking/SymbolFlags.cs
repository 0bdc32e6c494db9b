namespace Weld.Wasm.Linking;

/// <summary>The flags of a symbol, with the bit values of the tool conventions.</summary>
/// <remarks>https://github.com/WebAssembly/tool-conventions/blob/main/Linking.md#symbol-table-subsection</remarks>
[Flags]
public enum SymbolFlags : uint
{
    None = 0,
    Weak = 1,
    Local = 2,
    BindingMask = Weak | Local,
    Hidden = 4,
    VisibilityMask = Hidden,
    Undefined = 0x10,
    Exported = 0x20,
    ExplicitName = 0x40,
    NoStrip = 0x80,
    Tls = 0x100,
    Absolute = 0x200,
}
