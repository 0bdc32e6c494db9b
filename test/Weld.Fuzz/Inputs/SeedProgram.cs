namespace Weld.Fuzz.Inputs;

/// <summary>A link that succeeds, to be spoilt.</summary>
/// <param name="Name">Its name in reports.</param>
/// <param name="Inputs">The inputs and the options between them, in command line order. What does not start with '-' is a file
/// among the seeds.</param>
/// <param name="Options">Groups of options that it needs.</param>
public sealed record SeedProgram(string Name, string[] Inputs, params string[] Options)
{
    private static readonly string[] Wasi = ["libc.a", "builtins.a"];

    public static IReadOnlyList<SeedProgram> All { get; } =
    [
        new("objects", ["program.o", "library.o", "strings.o"]),
        new("debug", ["program-g.o", "library.o", "strings-g.o"]),
        new("archive", ["program.o", "gnu.a"]),
        new("archive-without-index", ["program.o", "plain.a"]),
        new("bsd-archive", ["program.o", "bsd.a"]),
        new("thin-archive", ["program.o", "thin.a"]),
        new("whole-archive", ["--whole-archive", "gnu.a", "--no-whole-archive", "program.o"]),
        new("start-lib", ["program.o", "--start-lib", "library.o", "strings.o", "--end-lib"]),
        new("cxx", ["more_objects.o", "objects.o"]),
        new("cxx-archive", ["more_objects.o", "cxx.a"]),
        new("threads", ["threads.o"]),
        new("shared-memory", ["program.o", "gnu.a"], OptionGroup.Shared),
        new("throws", ["throws.o", "unwind.o"]),
        new("vectors", ["vectors.o"]),
        new("features", ["features.o"]),
        new("features-and-objects", ["program.o", "features.o", "gnu.a"], "--allow-multiple-definition"),
        new("combined", ["combined.o"], "--unresolved-symbols=ignore-all"),
        new("pic", ["program-pic.o", "library-pic.o", "strings.o"]),
        new("wasm64", ["program-64.o", "library-64.o", "strings-64.o"], OptionGroup.Wasm64),
        new("hello", ["crt1-command.o", "hello.o", .. Wasi]),
        new("wasi-members", ["crt1-command.o", "hello.o", "qsort.o", "printf.o", "dlmalloc.o", .. Wasi]),
    ];
}
