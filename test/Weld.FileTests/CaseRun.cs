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

/// <summary>The inputs of a case, made once, and what linkers make of them, each in a directory of its own.</summary>
internal sealed partial class CaseRun : IDisposable
{
    private readonly FileTestCase _test;
    private readonly string _root = Directory.CreateTempSubdirectory("weld-case-").FullName;
    private readonly string _inputs;
    private readonly List<string> _objects;

    public CaseRun(FileTestCase test)
    {
        _test = test;
        _inputs = Directory.CreateDirectory(Path.Combine(_root, "inputs")).FullName;
        _objects = CaseInputs.Write(test, _inputs);
        foreach (CaseCommand command in test.Commands.Where(static command => command.Verb != "link"))
            Prepare(command);
    }

    /// <summary>Outputs of weld's links that succeeded, for the validator.</summary>
    public List<string> Modules { get; } = [];

    /// <summary>The objects, as paths.</summary>
    public IEnumerable<string> Objects => _objects.Select(file => Path.Combine(_inputs, file));

    public List<LinkOutcome> Run(ILinker linker)
    {
        string directory = Path.Combine(_root, linker.Name);
        CopyDirectory(_inputs, directory);
        return [.. _test.Commands.Where(static command => command.Verb == "link").Select(command => Link(linker, directory, _test.Links[command]))];
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private void Prepare(CaseCommand command)
    {
        switch (command.Verb)
        {
            case "ar":
                string[] options = [.. command.Arguments.Where(static word => word.StartsWith('-'))];
                string[] files = [.. command.Arguments.Where(static word => !word.StartsWith('-'))];
                string operation = options.Contains("--no-index") ? "qcSD" : "qcsD";
                Tool.Prepare(_inputs, "llvm-ar-22", [.. options.Where(static word => word != "--no-index"), operation, .. files]);
                break;
            case "mkdir":
                Directory.CreateDirectory(Path.Combine(_inputs, command.Arguments[0]));
                break;
            default:
                File.Copy(Path.Combine(_inputs, command.Arguments[0]), Path.Combine(_inputs, command.Arguments[1]));
                break;
        }
    }

    private static void CopyDirectory(string source, string target)
    {
        Directory.CreateDirectory(target);
        foreach (string directory in Directory.EnumerateDirectories(source))
            CopyDirectory(directory, Path.Combine(target, Path.GetFileName(directory)));
        foreach (string file in Directory.EnumerateFiles(source))
            File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
    }

    private LinkOutcome Link(ILinker linker, string directory, LinkCommand link)
    {
        string outputPath = Path.Combine(directory, OutputOf(link));
        ToolResult result = linker.Run(directory, Arguments(link));
        var text = new StringBuilder();
        if (_test.Links.Count > 1)
            text.Append(CultureInfo.InvariantCulture, $"--- {link.Line}\n");
        if (result.ExitCode != 0)
            text.Append(CultureInfo.InvariantCulture, $"exit {result.ExitCode}\n");
        if (link.Dump.Contains("stdout"))
            text.Append(Normalize(result.Output, directory));
        foreach (string file in link.DumpedFiles)
            text.Append(File.Exists(Path.Combine(directory, file)) ? File.ReadAllText(Path.Combine(directory, file)) : $"no file {file}\n");
        if (result.ExitCode == 0 && File.Exists(outputPath))
        {
            text.Append(Dump(link, outputPath));
            bool isObject = link.Arguments.Any(static argument => argument is "-r" or "--relocatable" or "-relocatable");
            if (!isObject && linker is not Oracle)
                Modules.Add(outputPath);
        }
        if (result.ExitCode != 0 && !link.Arguments.Contains("-o") && File.Exists(outputPath))
            text.Append("left an output file\n");
        return new LinkOutcome(link, result.ExitCode, text.ToString(), Normalize(result.Errors, directory));
    }

    private static string Dump(LinkCommand link, string outputPath)
    {
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
        return index < 0 || index + 1 == link.Arguments.Length ? "out.wasm" : link.Arguments[index + 1];
    }

    // A link that names no file gets all objects of the case; one without -o writes out.wasm; "-o" alone must be asked for.
    private List<string> Arguments(LinkCommand link)
    {
        var arguments = new List<string>(link.Arguments);
        if (arguments.Remove("NO-OUTPUT"))
            return arguments;
        if (!arguments.Remove("NO-INPUT") && !arguments.Exists(NamesInput))
            arguments.AddRange(_objects);
        if (!arguments.Contains("-o"))
            arguments.AddRange(["-o", "out.wasm"]);
        return arguments;
    }

    private static bool NamesInput(string argument) =>
        argument.StartsWith("-l", StringComparison.Ordinal) || argument.StartsWith("--library", StringComparison.Ordinal) || argument.StartsWith('@') ||
        (!argument.StartsWith('-') && Path.GetExtension(argument) is ".o" or ".a" or ".so" or ".bc" or ".txt");

    // The name of the program in front of a message, colours, and where the case is run.
    private static string Normalize(string text, string directory) =>
        ProgramName().Replace(Escape().Replace(text, ""), "").Replace(directory + "/", "", StringComparison.Ordinal);

    [GeneratedRegex(@"^[^\s:]+: (?=error: |warning: )", RegexOptions.Multiline)]
    private static partial Regex ProgramName();

    [GeneratedRegex("\x1b\\[[0-9;]*m")]
    private static partial Regex Escape();
}
