using Weld.Linker.Inputs;
using Xunit;

namespace Weld.UnitTests.Inputs;

public sealed class InputKindTests
{
    [Theory]
    [InlineData("0061736d01000000", InputKind.WasmObject)]
    [InlineData("0061736d", InputKind.WasmObject)]
    [InlineData("213c617263683e0a", InputKind.Archive)]
    [InlineData("213c7468696e3e0a", InputKind.ThinArchive)]
    [InlineData("4243c0de3514", InputKind.Bitcode)]
    [InlineData("dec0170b00000000", InputKind.Bitcode)]
    [InlineData("23535455420a", InputKind.Stub)]
    [InlineData("", InputKind.Unknown)]
    [InlineData("006173", InputKind.Unknown)]
    [InlineData("4243c0", InputKind.Unknown)]
    [InlineData("7f454c46", InputKind.Unknown)]
    public void Tells_kinds_apart(string hex, InputKind expected) =>
        Assert.Equal(expected, InputKindSniffer.Sniff(Convert.FromHexString(hex)));

    [Theory]
    [InlineData("0061736d01000000", null)]
    [InlineData("0061736d0100", "the wasm version is cut off")]
    [InlineData("0061736d0d000000", "wasm version 13 is not supported")]
    public void Says_what_is_wrong_with_the_version(string hex, string? expected) =>
        Assert.Equal(expected, InputKindSniffer.DescribeWasmVersion(Convert.FromHexString(hex)));

    [Fact]
    public void Names_components() =>
        Assert.Contains("component", InputKindSniffer.DescribeWasmVersion(Convert.FromHexString("0061736d0d000100")), StringComparison.Ordinal);

    [Theory]
    [InlineData("", "an empty file")]
    [InlineData("hello\n", "a text file")]
    [InlineData("\u0001\u0002", null)]
    [InlineData("  (module)", "WebAssembly text; assemble it first")]
    [InlineData("; ModuleID = 'x'", "LLVM assembly; compile it first")]
    [InlineData("INPUT(libc.so.6)", "a linker script, which wasm linkers do not read")]
    [InlineData("--- !tapi-tbd", "an Apple text stub, made for another target")]
    public void Names_what_it_cannot_link(string text, string? expected) =>
        Assert.Equal(expected, InputKindSniffer.Describe(System.Text.Encoding.Latin1.GetBytes(text)));

    [Theory]
    [InlineData("x86_64-linux-gnu", "ELF")]
    [InlineData("arm64-apple-macos", "Mach-O")]
    [InlineData("x86_64-windows-msvc", "COFF")]
    [InlineData("i686-windows-msvc", "COFF")]
    public void Names_objects_of_other_targets(string target, string expected)
    {
        using var directory = new TempDirectory();
        directory.Write("a.c", "int x;"u8);
        ExternalTool.Run(directory.Path, "clang-22", "--target=" + target, "-c", "a.c", "-o", "a.o");
        byte[] bytes = File.ReadAllBytes(directory["a.o"]);
        Assert.Equal(InputKind.Unknown, InputKindSniffer.Sniff(bytes));
        Assert.Contains(expected, InputKindSniffer.Describe(bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void Recognises_what_clang_writes()
    {
        using var directory = new TempDirectory();
        directory.Write("a.c", "int x;"u8);
        ExternalTool.Run(directory.Path, "clang-22", "--target=wasm32", "-c", "a.c", "-o", "a.o");
        ExternalTool.Run(directory.Path, "clang-22", "--target=wasm32", "-flto", "-c", "a.c", "-o", "a.bc");
        Assert.Equal(InputKind.WasmObject, InputKindSniffer.Sniff(File.ReadAllBytes(directory["a.o"])));
        Assert.Equal(InputKind.Bitcode, InputKindSniffer.Sniff(File.ReadAllBytes(directory["a.bc"])));
    }
}
