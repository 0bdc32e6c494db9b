using Weld.Base;
using Weld.Wasm.Binary;

namespace Weld.Linker.Diagnostics;

/// <summary>How symbol names look in messages and in the name section.</summary>
public static class SymbolNames
{
    /// <summary>The name as its author wrote it, where <paramref name="demangle"/> is set.</summary>
    public static string Display(Utf8String name, bool demangle) => name.Equals("__main_argc_argv"u8) && demangle ? "main" : name.ToString();

    /// <summary>Writes the name as <see cref="Display"/> gives it, with its length before it.</summary>
    public static void WriteDisplay(WasmWriter writer, Utf8String name, bool demangle)
    {
        if (name.Equals("__main_argc_argv"u8) && demangle)
            writer.WriteName("main"u8);
        else
            writer.WriteName(name.Bytes);
    }
}
