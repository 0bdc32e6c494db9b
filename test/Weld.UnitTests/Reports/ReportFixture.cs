namespace Weld.UnitTests.Reports;

/// <summary>Objects and archives that reports have much to say about, compiled once; each test gets a copy.</summary>
internal static class ReportFixture
{
    private static readonly Lazy<Dictionary<string, byte[]>> Compiled = new(Compile);

    /// <summary>Writes a.o, h.o, d.o, v.o, cpp.o, and libh.a of h.o, d.o and v.o (libdh.a: d.o first).</summary>
    public static TempDirectory Write()
    {
        var directory = new TempDirectory();
        foreach ((string name, byte[] bytes) in Compiled.Value)
            directory.Write(name, bytes);
        return directory;
    }

    private static Dictionary<string, byte[]> Compile()
    {
        using var directory = new TempDirectory();
        directory.Write("a.c", """
            extern int helper(int);
            extern int maybe(void) __attribute__((weak));
            static int inner = 5;
            int outer = 7;
            int zeros[10];
            const char *text = "hello world", *tail = "world";
            static int local(int x) { return x * inner; }
            __attribute__((constructor)) static void constructor(void) { outer++; }
            void _start(void) { outer = helper(local(outer)) + zeros[2] + text[1] + tail[0] + (maybe ? maybe() : 0); }
            int unused(void) { return 5; }
            int (*pointer)(int) = helper;
            """u8);
        directory.Write("h.c", """
            extern int deep(int);
            __attribute__((section("mine"))) int in_section = 3;
            int helper(int x) { return deep(x) + in_section; }
            """u8);
        directory.Write("d.c", "int deep(int x) { return x + 1; } int extra(int x) { return x + 2; }"u8);
        directory.Write("v.c", "int maybe(void) { return 3; }"u8);
        directory.Write("cpp.cpp", """
            namespace space { template <class T> __attribute__((noinline)) T twice(T v) { return v + v; } inline int counter = 4; }
            int caller(int x) { space::counter++; return space::twice(x); }
            extern "C" void _start() { caller(3); }
            """u8);
        foreach (string source in (string[])["a.c", "h.c", "d.c", "v.c", "cpp.cpp"])
            ExternalTool.Run(directory.Path, "clang-22", "--target=wasm32", "-O0", "-ffunction-sections", "-fdata-sections", "-c", source);
        ExternalTool.Run(directory.Path, "llvm-ar-22", "rc", "libh.a", "h.o", "d.o", "v.o");
        ExternalTool.Run(directory.Path, "llvm-ar-22", "rc", "libdh.a", "d.o", "h.o", "v.o");
        return Directory.EnumerateFiles(directory.Path)
            .Where(path => Path.GetExtension(path) is ".o" or ".a")
            .ToDictionary(path => Path.GetFileName(path), File.ReadAllBytes);
    }
}
