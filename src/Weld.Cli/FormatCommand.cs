using System.Text;
using Weld.Air.Text;
using Weld.Base.Diagnostics;
using Weld.Linker.Diagnostics;
using Weld.Linker.Options;
using static Weld.Linker.Options.OptionDashes;
using static Weld.Linker.Options.OptionShape;

namespace Weld.Cli;

/// <summary><c>weld fmt</c>: brings files of AIR into their one canonical form, comments included.</summary>
internal sealed class FormatCommand
{
    private readonly CommandShell _shell;
    private readonly Option[] _table;
    private readonly CommandLine _commandLine;
    private bool _onlyChecks;

    private FormatCommand(string[] arguments, CommandShell shell)
    {
        _shell = shell;
        _table = SourceOptions.With(new Option
        {
            Spellings = [new("check", Two, Flag)],
            Help = "Write nothing, and fail if a file is not in canonical form",
            Apply = (_, _) => _onlyChecks = true,
        });
        _commandLine = shell.Parse(arguments, _table);
    }

    public static int Run(string[] arguments, CommandShell shell) => new FormatCommand(arguments, shell).Run();

    private int Run()
    {
        if (_shell.AnswersHelpOrVersion(_commandLine, () => SourceOptions.Help(
            "bring files of AIR into canonical form, in place; - is formatted from standard input to standard output", "weld fmt [options] file...", _table)))
            return 0;
        string[] files = [.. _commandLine.Options.Inputs.Select(static input => input.Value).Distinct()];
        if (files.Length == 0 && !_shell.Diagnostics.HasErrors)
            _shell.Diagnostics.Add(CommandErrors.NoSource("weld fmt"));
        if (_shell.Diagnostics.HasErrors)
            return 1;
        Formatted?[] all = AirCompiler.ForEach(files, _commandLine.Options.Threads, _shell, Format);
        foreach (Formatted? one in all)
            if (one is not null)
                Put(one);
        return 0;
    }

    private sealed record Formatted(AirSource Source, string Text);

    private static Formatted? Format(AirSource source, DiagnosticBag diagnostics)
    {
        if (AirText.Parse(source.Name, source.Text, diagnostics) is not ParsedModule parsed)
            return null;
        string text = AirText.Format(parsed);
        if (IsFaithful(parsed, text))
            return new Formatted(source, text);
        diagnostics.Add(CommandErrors.Unfaithful(source.Name));
        return null;
    }

    /// <summary>Whether the new text says the same as the old one, with the same comments.</summary>
    private static bool IsFaithful(ParsedModule parsed, string text) =>
        AirText.Parse("", text, new DiagnosticBag()) is { } again
        && AirText.Print(again.Module) == AirText.Print(parsed.Module)
        && CommentsOf(again).SequenceEqual(CommentsOf(parsed));

    // Sorted, because types and exports may change their place.
    private static IEnumerable<string> CommentsOf(ParsedModule parsed) =>
        parsed.Positions.Comments.Select(span => parsed.Positions.Source.Text[span.Start..span.End].TrimEnd()).Order(StringComparer.Ordinal);

    private void Put(Formatted formatted)
    {
        bool isCanonical = formatted.Text == formatted.Source.Text;
        if (_onlyChecks && !isCanonical)
            _shell.Diagnostics.Add(CommandErrors.NotCanonical(formatted.Source.Name));
        else if (!_onlyChecks && formatted.Source.Path == AirSource.StandardInput)
            _shell.Output.Write(formatted.Text);
        else if (!_onlyChecks && !isCanonical)
            Replace(formatted.Source.Path, Encoding.UTF8.GetBytes(formatted.Text));
    }

    /// <summary>Replaces a file's contents; it keeps its permissions, and a link to it stays one.</summary>
    private void Replace(string path, byte[] bytes)
    {
        try
        {
            path = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
            if ((File.GetAttributes(path) & FileAttributes.ReadOnly) != 0)
            {
                _shell.Diagnostics.Add(OutputErrors.CannotOpen(path, "Permission denied"));
                return;
            }
            UnixFileMode? mode = OperatingSystem.IsWindows() ? null : File.GetUnixFileMode(path);
            if (OutputFile.Write(path, bytes, _shell.Diagnostics) && mode is { } old && !OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, old);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _shell.Diagnostics.Add(OutputErrors.CannotWrite(path, e.Message));
        }
    }
}
