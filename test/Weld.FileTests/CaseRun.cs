using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Weld.Base.Diagnostics;
using Weld.Wasm.Text;

namespace Weld.FileTests;

/// <summary>What one linker made of one <c>test link</c> line.</summary>
internal sealed record LinkOutcome(LinkCommand Command, int ExitCode, string Transcript, string Messages)
{
    public bool Succeeded => ExitCode == 0;
}

/// <summary>Runs a case with one linker in a directory of its own.</summary>
internal sealed partial class CaseRun(FileTestCase test, string linker) : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("weld-case-").FullName;

    /// <summary>Outputs of links that succeeded, for the validator.</summary>
    public List<string> Modules { get; } = [];

    public List<LinkOutcome> Run()
    {
        List<string> objects = CaseInputs.Write(test, _directory);
        var outcomes = new List<LinkOutcome>();
        foreach (CaseCommand command in test.Commands)
        {
            if (command.Verb == "link")
                outcomes.Add(Link(test.Links[command], objects));
            else
                Prepare(command);
        }
        return outcomes;
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private void Prepare(CaseCommand command)
    {
        switch (command.Verb)
        {
            case "ar":
                string[] options = [.. command.Arguments.Where(static word => word.StartsWith('-'))];
                string[] files = [.. command.Arguments.Where(static word => !word.StartsWith('-'))];
                string operation = options.Contains("--no-index") ? "qcSD" : "qcsD";
                Tool.Prepare(_directory, "llvm-ar-22", [.. options.Where(static word => word != "--no-index"), operation, .. files]);
                break;
            case "mkdir":
                Directory.CreateDirectory(Path.Combine(_directory, command.Arguments[0]));
                break;
            default:
                File.Copy(Path.Combine(_directory, command.Arguments[0]), Path.Combine(_directory, command.Arguments[1]));
                break;
        }
    }

    private LinkOutcome Link(LinkCommand link, List<string> objects)
    {
        string output = OutputOf(link);
        string outputPath = Path.Combine(_directory, output);
        ToolResult result = Tool.Run(_directory, linker, Arguments(link, objects));
        var text = new StringBuilder();
        if (test.Links.Count > 1)
            text.Append(CultureInfo.InvariantCulture, $"--- {link.Line}\n");
        if (result.ExitCode != 0)
            text.Append(CultureInfo.InvariantCulture, $"exit {result.ExitCode}\n");
        if (link.Dump.Contains("stdout"))
            text.Append(Normalize(result.Output));
        foreach (string file in link.DumpedFiles)
            text.Append(File.Exists(Path.Combine(_directory, file)) ? File.ReadAllText(Path.Combine(_directory, file)) : $"no file {file}\n");
        if (result.ExitCode == 0 && File.Exists(outputPath))
            text.Append(Dump(link, outputPath));
        if (result.ExitCode != 0 && !link.Arguments.Contains("-o") && File.Exists(outputPath))
            text.Append("left an output file\n");
        return new LinkOutcome(link, result.ExitCode, text.ToString(), Normalize(result.Errors));
    }

    private string Dump(LinkCommand link, string outputPath)
    {
        if (!link.Arguments.Any(static argument => argument is "-r" or "--relocatable" or "-relocatable"))
            Modules.Add(outputPath);
        string[] parts = [.. link.Dump.Where(static part => part != "stdout")];
        if (parts.Length == 0)
            return "";
        foreach (string part in parts)
            if (part != "all" && !ModuleDump.Parts.Contains(part))
                throw new FormatException($"unknown part of a dump: {part}");
        try
        {
            return ModuleDump.Print(File.ReadAllBytes(outputPath), parts.Contains("all") ? [] : parts);
        }
        catch (MalformedInputException e)
        {
            return $"malformed output: {e.Message} (at offset 0x{e.Offset:x})\n";
        }
    }

    private static string OutputOf(LinkCommand link)
    {
        int index = Array.IndexOf(link.Arguments, "-o");
        return index < 0 ? "out.wasm" : link.Arguments[index + 1];
    }

    // A link that names no file gets all objects of the case; one without -o writes out.wasm; "-o" alone must be asked for.
    private static List<string> Arguments(LinkCommand link, List<string> objects)
    {
        var arguments = new List<string>(link.Arguments);
        if (arguments.Remove("NO-OUTPUT"))
            return arguments;
        bool namesInput = arguments.Any(static argument => argument.StartsWith("-l", StringComparison.Ordinal) || argument.StartsWith("--library=", StringComparison.Ordinal) ||
            (!argument.StartsWith('-') && Path.GetExtension(argument) is ".o" or ".a" or ".so" or ".bc" or ".txt") || argument.StartsWith('@'));
        if (!arguments.Remove("NO-INPUT") && !namesInput)
            arguments.AddRange(objects);
        if (!arguments.Contains("-o"))
            arguments.AddRange(["-o", "out.wasm"]);
        return arguments;
    }

    // The name of the program in front of a message, and colours.
    private string Normalize(string text) =>
        ProgramName().Replace(Escape().Replace(text, ""), "$1").Replace(_directory + "/", "", StringComparison.Ordinal);

    [GeneratedRegex(@"^[^\s:]+: (?=error: |warning: )()", RegexOptions.Multiline)]
    private static partial Regex ProgramName();

    [GeneratedRegex("\x1b\\[[0-9;]*m")]
    private static partial Regex Escape();
}
