namespace Weld.Cli;

/// <summary>The first word of the command line says what weld does; without one of these words, and by every other name, it is a linker.</summary>
internal static class Subcommands
{
    /// <summary>What <c>weld --help</c> says of them.</summary>
    public const string Help = """

        COMMANDS:
          weld build                Compile AIR, and link it
          weld check                Check AIR
          weld fmt                  Format AIR
          weld run                  Run a function of AIR in the interpreter

        weld <command> --help says more. A file of such a name is written as ./build.

        """;

    public static int Run(string[] arguments, CommandShell shell) => Find(arguments, shell.Program) switch
    {
        "build" => shell.Run(shell => BuildCommand.Run(arguments[1..], shell)),
        "check" => shell.Run(shell => CheckCommand.Run(arguments[1..], shell)),
        "fmt" => shell.Run(shell => FormatCommand.Run(arguments[1..], shell)),
        "run" => shell.Run(shell => RunCommand.Run(arguments[1..], shell)),
        _ => shell.Run(shell => LinkCommand.Run(arguments, shell)),
    };

    private static string Find(string[] arguments, ProgramName program) => program.IsWasmLd || arguments.Length == 0 ? "" : arguments[0];
}
