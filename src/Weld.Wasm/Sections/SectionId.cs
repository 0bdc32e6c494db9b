namespace Weld.Wasm.Sections;

/// <summary>The section ids of a module, by their number in the binary format.</summary>
/// <remarks>https://webassembly.github.io/spec/core/binary/modules.html#sections</remarks>
public enum SectionId : byte
{
    Custom = 0,
    Type = 1,
    Import = 2,
    Function = 3,
    Table = 4,
    Memory = 5,
    Global = 6,
    Export = 7,
    Start = 8,
    Element = 9,
    Code = 10,
    Data = 11,
    DataCount = 12,
    Tag = 13,
}
