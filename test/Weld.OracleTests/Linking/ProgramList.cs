namespace Weld.OracleTests.Linking;

/// <summary>All programs with all ways to compile them.</summary>
public static class ProgramList
{
    private static readonly ProgramCase[] Programs =
    [
        new("hello", ["hello.c"], []) { Prints = "Hello, world!" },
        new("stdio_floats", ["stdio_floats.c"], []) { Prints = "inf -inf NAN", ExitCode = 7 },
        new("heap", ["heap.c"], []) { Prints = "102813400053027523 1 0", ExitCode = 23 },
        new("callbacks", ["callbacks.c"], []) { Prints = "multiply 42 21.5", Arguments = ["x", "yy"], ExitCode = 15 },
        new("environment", ["environment.c"], [])
        {
            Prints = "environment: GUEST_COLOUR=red",
            Arguments = ["one", "two words", "ünïcode"],
            StandardInput = "a line\nanother\n",
            Environment = new() { ["GUEST_COLOUR"] = "red" },
            ExitCode = 4,
        },
        new("constructors", ["constructors.c"], []) { Prints = "101 200 300 1", ExitCode = 1 },
        new("weak", ["weak/main.c", "weak/strong.c"], []) { Prints = "strong 20 own 21", ExitCode = 20 },
        new("many", ["many/main.c", "many/square.c"], [])
        {
            Prints = "circle 3.142",
            LibrarySources = ["many/unneeded.c", "many/circle.c", "many/count.c"],
            ExitCode = 3,
        },
        new("long_double", ["long_double.c"], []) { Prints = "0.333333333333333333333333333333", LinkFlags = ["-lc-printscan-long-double"], ExitCode = 51 },
        new("atomics", ["atomics.c"], []) { Prints = "1 1 b3c6db972ac62bf2 1 6 thread", ExitCode = 6 },
        new("vectors", ["vectors.c"], ["-msimd128", "-mbulk-memory"]) { Prints = "14560.00 q 7", ExitCode = 1 },
        new("streams", ["streams.cpp"], []) { Prints = "******42|ab****|(3, -4)", StandardInput = "a line\nb\n", ExitCode = 2 },
        new("containers", ["containers.cpp"], []) { Prints = "0 20 20", ExitCode = 72 },
        new("functions", ["functions.cpp"], []) { Prints = "3000 300 3000", ExitCode = 6 },
        new("virtual", ["virtual/main.cpp", "virtual/spider.cpp"], []) { Prints = "animal 6Spider -1", ExitCode = 10 },
        new("patterns", ["patterns.cpp"], []) { Prints = "<example>, <test>; nobody, <a-b>", ExitCode = 3 },
    ];

    /// <summary>C is cheap to compile in every way; C++ gets one way each, and the interesting ones on small programs.</summary>
    private static readonly string[][] CWays = [["-O0"], ["-O2"], ["-O1", "-g"]];
    private static readonly Dictionary<string, string[][]> CPlusPlusWays = new()
    {
        ["streams"] = [["-O1"]],
        ["containers"] = [["-O2"]],
        ["functions"] = [["-O0"], ["-O1", "-g"]],
        ["virtual"] = [["-O0"], ["-O2", "-g"], ["-Oz", "-ffunction-sections", "-fdata-sections"]],
        ["patterns"] = [["-O1"]],
    };

    public static IReadOnlyList<ProgramCase> All { get; } =
    [
        .. from program in Programs
           from way in program.IsCPlusPlus ? CPlusPlusWays[program.Name] : CWays
           select program with { Flags = [.. way, .. program.Flags] },
    ];

    public static ProgramCase Get(string title) => All.Single(program => program.Title == title);
}
