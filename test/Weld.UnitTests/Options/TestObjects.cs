namespace Weld.UnitTests.Options;

/// <summary>Two small objects that need each other, compiled once.</summary>
internal static class TestObjects
{
    private static readonly Lazy<(byte[] Main, byte[] Other)> Compiled = new(Compile);

    /// <summary>Writes a.o, which defines _start and calls f, and b.o, which defines f.</summary>
    public static TempDirectory Write()
    {
        var directory = new TempDirectory();
        directory.Write("a.o", Compiled.Value.Main);
        directory.Write("b.o", Compiled.Value.Other);
        return directory;
    }

    /// <summary>Replaces <c>$</c> at the start of words by the directory.</summary>
    public static string[] Arguments(TempDirectory directory, string line) =>
        [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => word.Replace("$", directory.Path + "/", StringComparison.Ordinal))];

    private static (byte[] Main, byte[] Other) Compile()
    {
        using var directory = new TempDirectory();
        directory.Write("a.c", "int f(void); int data = 3; void _start(void) { data = f(); }"u8);
        directory.Write("b.c", "int f(void) { return 1; }"u8);
        ExternalTool.Run(directory.Path, "clang-22", "--target=wasm32", "-c", "a.c", "b.c");
        return (File.ReadAllBytes(directory["a.o"]), File.ReadAllBytes(directory["b.o"]));
    }
}
