using System.Text;
using Weld.Base;
using Weld.Linker.Demangling.Itanium;

namespace Weld.Linker.Demangling;

/// <summary>Turns mangled C++, Rust and D names into what LLVM 22 prints for them, byte for byte.</summary>
/// <remarks>
/// <para>As llvm::demangle and lld/wasm/Symbols.cpp: messages and the name section show the same text as wasm-ld's. Names in
/// Microsoft's scheme, which no wasm compiler emits, stay as they are.</para>
/// <para>Names come from input files, so they may be made to hurt. Nesting, steps and output are bounded; a name beyond the
/// bounds counts as not mangled. An instance keeps its memory from name to name and belongs to one thread.</para>
/// </remarks>
public sealed class Demangler
{
    // Real names grow up to twenty times.
    private const int OutputFloor = 16 * 1024;
    private const int OutputPerByte = 64;

    // A name this long would need more memory for its parts than it is worth; offsets stay far from overflow.
    private const int LongestName = 1 << 20;

    [ThreadStatic]
    private static Demangler? _current;

    private readonly ItaniumDemangler _itanium = new();
    private readonly RustDemangler _rust = new();
    private readonly DlangDemangler _dlang = new();
    private readonly Utf8Buffer _display = new();

    /// <summary>What clang calls a main with parameters, because its wasm signature differs from that of a main without.</summary>
    public static ReadOnlySpan<byte> MainWithParameters => "__main_argc_argv"u8;

    /// <summary>The calling thread's demangler.</summary>
    public static Demangler ForThisThread => _current ??= new Demangler();

    /// <summary>The name as a person should read it: demangled if it is mangled, else unchanged.</summary>
    public static string ForMessage(Utf8String name) => Encoding.UTF8.GetString(ForThisThread.GetDisplayName(name.Bytes));

    /// <summary>As <see cref="ForMessage"/>, as bytes for the name section; valid until this instance's next use.</summary>
    public ReadOnlySpan<byte> GetDisplayName(ReadOnlySpan<byte> name)
    {
        if (name.SequenceEqual(MainWithParameters))
            return "main"u8;
        return TryDemangle(name, _display) ? _display.Written : name;
    }

    /// <summary>Replaces <paramref name="output"/> with the demangled name; false if the name is not mangled.</summary>
    public bool TryDemangle(ReadOnlySpan<byte> mangled, Utf8Buffer output)
    {
        if (mangled.Length < 2 || mangled.Length > LongestName || mangled[0] is not ((byte)'_' or (byte)'.'))
            return false;

        output.Clear(OutputFloor + (OutputPerByte * mangled.Length));
        if (mangled[0] == '.')
        {
            output.Append((byte)'.');
            return TryKnownSchemes(mangled[1..], output);
        }
        return TryKnownSchemes(mangled, output) || TryKnownSchemes(mangled[1..], output);
    }

    private bool TryKnownSchemes(ReadOnlySpan<byte> name, Utf8Buffer output)
    {
        int start = output.Length;
        int underscores = name.IndexOfAnyExcept((byte)'_');
        if (underscores is < 1 or > 4)
            return false;

        bool done;
        if (name[underscores] == 'Z')
            done = _itanium.TryDemangle(name, output);
        else if (underscores == 1 && name[1] == 'R')
            done = _rust.TryDemangle(name, output);
        else if (underscores == 1 && name[1] == 'D')
            done = _dlang.TryDemangle(name, output);
        else
            return false;

        if (!done || output.IsFull)
        {
            output.Truncate(start);
            return false;
        }

        // LLVM hands the text on as a C string, which ends at the first zero byte.
        int zero = output.Written[start..].IndexOf((byte)0);
        if (zero >= 0)
            output.Truncate(start + zero);
        return true;
    }
}
