// System has a ValueType too, and it is never the one that a linker means.
global using ValueType = Weld.Wasm.Sections.ValueType;
