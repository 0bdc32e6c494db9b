using System.Buffers.Binary;

namespace Weld.Linker.Inputs;

/// <summary>What a file is, judged by its first bytes.</summary>
public enum InputKind
{
    /// <summary>Nothing that can be linked; <see cref="InputKindSniffer.Describe"/> may still know a name for it.</summary>
    Unknown,

    /// <summary>A wasm module of binary version 1: an object or a shared library.</summary>
    WasmObject,
    Archive,
    ThinArchive,
    Bitcode,

    /// <summary>A list of symbols that starts with <c>#STUB</c>.</summary>
    Stub,
}

/// <summary>Tells the kinds of input files apart.</summary>
public static class InputKindSniffer
{
    /// <summary>As many first bytes of a file as <see cref="Sniff"/> and <see cref="Describe"/> look at.</summary>
    public const int BytesNeeded = 64;

    private const uint RawBitcodeMagic = 0xDEC04342;
    private const uint WrappedBitcodeMagic = 0x0B17C0DE;

    private static ReadOnlySpan<byte> WasmMagic => "\0asm"u8;

    /// <summary>The kind of a file that starts with <paramref name="start"/>.</summary>
    /// <remarks>A wasm magic number decides, whatever follows: the reader of objects says what is wrong with the rest.</remarks>
    public static InputKind Sniff(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith(WasmMagic))
            return InputKind.WasmObject;
        if (start.StartsWith("!<arch>\n"u8))
            return InputKind.Archive;
        if (start.StartsWith("!<thin>\n"u8))
            return InputKind.ThinArchive;
        if (start.StartsWith("#STUB"u8))
            return InputKind.Stub;
        if (BinaryPrimitives.TryReadUInt32LittleEndian(start, out uint magic) && magic is RawBitcodeMagic or WrappedBitcodeMagic)
            return InputKind.Bitcode;
        return InputKind.Unknown;
    }

    /// <summary>Why a file with a wasm magic number cannot be an object, or null when its version is that of objects.</summary>
    public static string? DescribeWasmVersion(ReadOnlySpan<byte> start)
    {
        if (start.Length < 8)
            return "the wasm version is cut off";
        uint version = BinaryPrimitives.ReadUInt32LittleEndian(start[4..]);
        if (version == 1)
            return null;
        // Components share the magic number; the upper half of the version word is their layer.
        return version >> 16 == 1
            ? "a wasm component, not a core module; link the core modules and make the component from the result"
            : $"wasm version {version} is not supported";
    }

    /// <summary>A name for a file of kind <see cref="InputKind.Unknown"/>, for example <c>an ELF file</c>; null when there is none.</summary>
    public static string? Describe(ReadOnlySpan<byte> start)
    {
        if (start.IsEmpty)
            return "an empty file";
        foreach (ForeignFormat format in ForeignFormats)
        {
            if (start.StartsWith(format.Magic))
                return format.Name;
        }
        return DescribeText(start);
    }

    private static string? DescribeText(ReadOnlySpan<byte> start)
    {
        start = start[..Math.Min(start.Length, BytesNeeded)];
        ReadOnlySpan<byte> text = start.TrimStart(" \t\r\n"u8);
        if (text.StartsWith("(module"u8) || text.StartsWith("(component"u8))
            return "WebAssembly text; assemble it first";
        if (text.StartsWith("; ModuleID"u8) || text.StartsWith("source_filename"u8) || text.StartsWith("target "u8))
            return "LLVM assembly; compile it first";
        if (text.StartsWith("INPUT"u8) || text.StartsWith("GROUP"u8) || text.StartsWith("/* GNU ld script"u8))
            return "a linker script, which wasm linkers do not read";
        if (text.StartsWith("<"u8) && text.IndexOf("html"u8) >= 0)
            return "an HTML page";
        foreach (byte b in start)
        {
            if (b < 0x20 && b is not ((byte)'\t' or (byte)'\n' or (byte)'\r' or 0x0c))
                return null;
        }
        return "a text file";
    }

    private readonly record struct ForeignFormat(byte[] Magic, string Name);

    private static readonly ForeignFormat[] ForeignFormats =
    [
        new([0x7f, (byte)'E', (byte)'L', (byte)'F'], "an ELF file, made for another target"),
        new([0xfe, 0xed, 0xfa, 0xce], "a Mach-O file, made for another target"),
        new([0xfe, 0xed, 0xfa, 0xcf], "a Mach-O file, made for another target"),
        new([0xce, 0xfa, 0xed, 0xfe], "a Mach-O file, made for another target"),
        new([0xcf, 0xfa, 0xed, 0xfe], "a Mach-O file, made for another target"),
        new([0xca, 0xfe, 0xba, 0xbe], "a Mach-O universal file or a Java class, made for another target"),
        new([(byte)'M', (byte)'Z'], "a Windows PE file, made for another target"),
        new([0x64, 0x86], "a COFF object for x86-64, made for another target"),
        new([0x4c, 0x01], "a COFF object for x86, made for another target"),
        new([0x64, 0xaa], "a COFF object for ARM64, made for another target"),
        new([0x00, 0x00, 0xff, 0xff], "a COFF import or big object, made for another target"),
        new([.. "--- !tapi"u8], "an Apple text stub, made for another target"),
        new([.. "<bigaf>\n"u8], "an AIX archive, made for another target"),
        new([.. "#!"u8], "a script"),
        new([0x1f, 0x8b], "a gzip file; unpack it first"),
        new([0x28, 0xb5, 0x2f, 0xfd], "a zstd file; unpack it first"),
        new([0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z'], "an xz file; unpack it first"),
        new([(byte)'P', (byte)'K', 3, 4], "a zip file; unpack it first"),
    ];
}
