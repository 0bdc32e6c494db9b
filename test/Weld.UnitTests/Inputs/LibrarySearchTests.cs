using Weld.Linker.Inputs;
using Xunit;

namespace Weld.UnitTests.Inputs;

public sealed class LibrarySearchTests
{
    /// <summary>Every row is put to wasm-ld as well, whose answer is the path that <c>--trace</c> or its error names.</summary>
    [Theory]
    [InlineData("q", "one two", true, "one/libq.a")]
    [InlineData("q", "two one", true, "two/libq.a")]
    [InlineData("q", "one two", false, "one/libq.a")]
    [InlineData("q", "two one", false, "two/libq.so")]
    [InlineData("q", "two/ one", true, "two/libq.a")]
    [InlineData("only", "one two", true, null)]
    [InlineData("only", "one two", false, "two/libonly.so")]
    [InlineData(":file.o", "one two", true, "two/file.o")]
    [InlineData(":libq.so", "one two", true, "two/libq.so")]
    [InlineData(":/file.o", "one two", true, "two/file.o")]
    [InlineData(":sub/file.o", "one .", true, "./sub/file.o")]
    [InlineData("directory", "one two", true, "one/libdirectory.a")]
    [InlineData("dangling", "one two", true, "two/libdangling.a")]
    [InlineData("missing", "one two", true, null)]
    [InlineData(":missing", "one two", true, null)]
    [InlineData("", "one two", true, null)]
    public void Finds_what_wasm_ld_finds(string name, string searchPaths, bool isStatic, string? expected)
    {
        using TempDirectory directory = MakeLibraries();
        string[] paths = searchPaths.Split(' ');
        string? found = LibrarySearch.Find(name, [.. paths.Select(p => directory.Path + "/" + p)], isStatic);
        Assert.Equal(expected is null ? null : directory.Path + "/" + expected, found);

        string[] arguments = [isStatic ? "-Bstatic" : "-Bdynamic", .. paths.Select(p => "-L" + p), "-l", name, "--trace", "--no-entry", "-o", "out"];
        ExternalTool.Result oracle = ExternalTool.TryRun(directory.Path, "wasm-ld-22", ["--whole-archive", .. arguments]);
        Assert.Contains(expected is null ? $"unable to find library -l{name}\n" : expected, oracle.Output + oracle.Error, StringComparison.Ordinal);
    }

    private static TempDirectory MakeLibraries()
    {
        var directory = new TempDirectory();
        directory.Write("a.c", "int x;"u8);
        ExternalTool.Run(directory.Path, "clang-22", "--target=wasm32", "-c", "a.c", "-o", "a.o");
        byte[] bytes = File.ReadAllBytes(directory["a.o"]);
        foreach (string name in (string[])["one/libq.a", "two/libq.a", "two/libq.so", "two/libonly.so", "two/file.o", "sub/file.o", "two/libdangling.a"])
            directory.Write(name, bytes);
        Directory.CreateDirectory(directory["one/libdirectory.a"]);
        File.CreateSymbolicLink(directory["one/libdangling.a"], "nowhere");
        return directory;
    }
}
