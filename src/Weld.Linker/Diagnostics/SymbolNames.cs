using System.Text;
using Weld.Base;
using Weld.Linker.Demangling;

namespace Weld.Linker.Diagnostics;

/// <summary>How symbol names look in messages and in the name section.</summary>
public static class SymbolNames
{
    /// <summary>The name as its author wrote it; where <paramref name="demangle"/> is off, as the compiler spells it.</summary>
    public static string Display(Utf8String name, bool demangle) => Encoding.UTF8.GetString(GetDisplayName(name.Bytes, demangle));

    /// <summary>As <see cref="Display"/>, in UTF-8; valid until the thread asks for the next name.</summary>
    public static ReadOnlySpan<byte> GetDisplayName(ReadOnlySpan<byte> name, bool demangle)
    {
        if (demangle)
            return Demangler.ForThisThread.GetDisplayName(name);
        return name.SequenceEqual(Demangler.MainWithParameters) ? "main"u8 : name;
    }
}
