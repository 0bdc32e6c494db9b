using System.Text;
using Xunit;

namespace Weld.Cli.Tests;

/// <summary>What a command of weld said and did, within this process.</summary>
internal sealed record CliRun(int ExitCode, string Output, string Error)
{
    public static CliRun Run(params string[] arguments) => RunWith("", arguments);

    /// <param name="input">The standard input.</param>
    /// <param name="arguments">The command line.</param>
    public static CliRun RunWith(string input, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var shell = new CommandShell(ProgramName.FromPath("weld"), output, () => error) { OpenInput = () => new MemoryStream(Encoding.UTF8.GetBytes(input)) };
        int exitCode = Subcommands.Run(arguments, shell);
        return new CliRun(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>Asks for success without any message.</summary>
    public CliRun RequireSuccess()
    {
        Assert.Equal((0, ""), (ExitCode, Error));
        return this;
    }

    /// <summary>Asks for failure, and gives what was said.</summary>
    public string RequireFailure(int exitCode = 1)
    {
        Assert.Equal((exitCode, ""), (ExitCode, Output));
        Assert.NotEqual("", Error);
        return Error;
    }
}
