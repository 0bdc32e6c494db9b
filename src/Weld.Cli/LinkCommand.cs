using Weld.Base.Diagnostics;
using Weld.Linker;
using Weld.Linker.Diagnostics;
using Weld.Linker.Options;

namespace Weld.Cli;

/// <summary>The linker's command line: wasm-ld's options, messages and exit codes.</summary>
internal static class LinkCommand
{
    /// <summary>Links as the arguments say.</summary>
    /// <returns>0 if that worked, else 1.</returns>
    public static int Run(string[] arguments)
    {
        var diagnostics = new DiagnosticBag();
        LinkOptions options = new();
        ProgramName program = ProgramName.Find();
        using TextWriter output = Streams.OpenOutput();
        bool isDone = false;
        try
        {
            isDone = Link(arguments, program, diagnostics, output, ref options);
        }
#pragma warning disable CA1031 // The last resort: whatever is wrong within weld becomes one message.
        catch (Exception e)
#pragma warning restore CA1031
        {
            diagnostics.Add(OptionErrors.Internal(e, WeldVersion.Number));
            if (Environment.GetEnvironmentVariable("WELD_TRACE") == "1")
                output.WriteLine(e);
        }
        output.Flush();
        Print(diagnostics, options, program.Name);
        return isDone && !diagnostics.HasErrors ? 0 : 1;
    }

    private static bool Link(string[] arguments, ProgramName program, DiagnosticBag diagnostics, TextWriter output, ref LinkOptions options)
    {
        bool isWasmLd = program.IsWasmLd;
        if (!TryTakeFlavor(ref arguments, ref isWasmLd, diagnostics))
            return false;
        CommandLine commandLine = CommandLine.Parse(arguments, diagnostics);
        options = commandLine.Options;
        if (commandLine.ShowsHelp)
        {
            output.Write(OptionHelp.Print(program.Name));
            return true;
        }
        if (commandLine.ShowsVersion)
            output.Write(WeldVersion.Line(isWasmLd) + "\n");
        if (commandLine.StopsAfterVersion)
            return true;
        commandLine.RefuseNotImplemented(diagnostics);
        return LinkPipeline.Run(options, diagnostics, output);
    }

    /// <summary>Takes <c>-flavor wasm</c> off, with which rustc and the lld driver choose the linker.</summary>
    private static bool TryTakeFlavor(ref string[] arguments, ref bool isWasmLd, DiagnosticBag diagnostics)
    {
        if (arguments is not ["-flavor", ..])
            return true;
        if (arguments.Length == 1 || arguments[1] is not ("wasm" or "ld-wasm"))
        {
            diagnostics.Add(arguments.Length == 1 ? OptionErrors.MissingValue("-flavor") : OptionErrors.UnknownFlavor(arguments[1]));
            return false;
        }
        isWasmLd = true;
        arguments = arguments[2..];
        return true;
    }

    private static void Print(DiagnosticBag diagnostics, LinkOptions options, string program)
    {
        if (diagnostics.Diagnostics.Count == 0)
            return;
        using TextWriter error = Streams.OpenError();
        bool hasColors = options.Color == ColorMode.Always || (options.Color == ColorMode.Auto && Streams.ErrorTakesColors());
        new DiagnosticPrinter(error, program, hasColors).Print(diagnostics.Diagnostics, options.ErrorLimit, OptionErrors.TooManyErrors());
    }
}
