using Weld.TestSupport;

namespace Weld.Fuzz.Inputs;

/// <summary>Compiles the sources in <c>seeds/</c> to the objects and archives that cases start from.</summary>
public static class SeedFiles
{
    private const string Bare = "--target=wasm32-unknown-unknown";

    private static readonly string[] CxxFlags = ["-O1", "-fno-rtti", "-fno-threadsafe-statics"];

    private static readonly (string Object, string Source, string[] Flags)[] Objects =
    [
        ("program.o", "program.c", [Bare, "-O1"]),
        ("program-g.o", "program.c", [Bare, "-O0", "-g"]),
        ("program-pic.o", "program.c", [Bare, "-O1", "-fPIC"]),
        ("program-64.o", "program.c", ["--target=wasm64-unknown-unknown", "-O1"]),
        ("library.o", "library.c", [Bare, "-Os", "-ffunction-sections", "-fdata-sections"]),
        ("library-pic.o", "library.c", [Bare, "-O1", "-fPIC"]),
        ("library-64.o", "library.c", ["--target=wasm64-unknown-unknown", "-O1"]),
        ("strings.o", "strings.c", [Bare, "-O1"]),
        ("strings-g.o", "strings.c", [Bare, "-O1", "-g"]),
        ("strings-64.o", "strings.c", ["--target=wasm64-unknown-unknown", "-O1"]),
        ("objects.o", "objects.cpp", [Bare, .. CxxFlags]),
        ("more_objects.o", "more_objects.cpp", [Bare, .. CxxFlags]),
        ("threads.o", "threads.c", [Bare, "-O1", "-matomics", "-mbulk-memory"]),
        ("throws.o", "throws.cpp", [Bare, "-O1", "-fwasm-exceptions"]),
        ("unwind.o", "unwind.s", [Bare, "-mexception-handling"]),
        ("vectors.o", "vectors.c", [Bare, "-O1", "-msimd128"]),
        ("features.o", "features.s", [Bare, "-mexception-handling", "-mreference-types"]),
        ("hello.o", "hello.c", ["--target=wasm32-wasi", "-Wno-deprecated", "-O1"]),
    ];

    /// <summary>Makes all seeds in <paramref name="directory"/>.</summary>
    public static void Build(string directory)
    {
        Directory.CreateDirectory(directory);
        string sources = Repository.Path("test", "Weld.Fuzz", "seeds");
        foreach ((string name, string source, string[] flags) in Objects)
            Tool.Run(sources, "clang-22", [.. flags, "-c", source, "-o", Path.Combine(directory, name)]);
        Tool.Run(directory, "wasm-ld-22", "-r", "program.o", "library.o", "strings.o", "-o", "combined.o");
        Archive("gnu.a", "rc", "--format=gnu", "library.o", "strings.o", "objects.o");
        Archive("plain.a", "rcS", "--format=gnu", "library.o", "strings.o");
        Archive("bsd.a", "rc", "--format=bsd", "library.o", "strings.o");
        Archive("thin.a", "rcT", "--format=gnu", "library.o", "strings.o");
        Archive("cxx.a", "rc", "--format=gnu", "objects.o", "vectors.o");
        CopyLibrary("crt1-command.o", "-print-file-name=crt1-command.o");
        CopyLibrary("libc.a", "-print-file-name=libc.a");
        CopyLibrary("builtins.a", "-print-libgcc-file-name");
        Tool.Run(directory, "llvm-ar-22", "x", "libc.a", "qsort.o", "printf.o", "dlmalloc.o");

        void Archive(string name, string operation, string format, params string[] members)
        {
            File.Delete(Path.Combine(directory, name));
            Tool.Run(directory, "llvm-ar-22", [format, operation, name, .. members]);
        }

        void CopyLibrary(string name, string question)
        {
            string path = Tool.Run(directory, "clang-22", "--target=wasm32-wasi", "-Wno-deprecated", question).Trim();
            if (!File.Exists(path))
                throw new FuzzSetupException($"wasi-libc or the compiler's runtime library is not installed: clang-22 {question} says {path}");
            File.Copy(path, Path.Combine(directory, name), overwrite: true);
        }
    }
}
