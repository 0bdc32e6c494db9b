namespace Weld.Wasm.Linking;

/// <summary>What a symbol is, by its number in the symbol table.</summary>
public enum SymbolKind : byte
{
    Function = 0,
    Data = 1,
    Global = 2,
    Section = 3,
    Tag = 4,
    Table = 5,
}
