namespace Weld.Wasm.Linking;

/// <summary>The flags of a data segment in the linking section.</summary>
[Flags]
public enum SegmentFlags : uint
{
    None = 0,

    /// <summary>Only NUL-terminated strings, which may be merged.</summary>
    Strings = 1,

    /// <summary>Thread-local data.</summary>
    Tls = 2,

    /// <summary>Kept whenever its object is linked.</summary>
    Retain = 4,
}
