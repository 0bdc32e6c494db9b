using System.Text;
using Weld.Base.Diagnostics;
using Weld.Fuzz.Inputs;
using Weld.Linker;
using Weld.Linker.Diagnostics;
using Weld.Linker.Options;

namespace Weld.Fuzz.Running;

/// <summary>Links a case that lies in a directory, in this process, and judges the outcome.</summary>
public sealed class CaseRunner : IDisposable
{
    public const string NotImplemented = "not implemented yet";

    private const string OutputName = "out.wasm";

    // Messages about the command line or the whole program, which no file is to blame for: options (01xx), the entry, exports,
    // sizes and addresses, features, the limits of the format.
    private static readonly string[] WithoutFile =
    [
        "WELD01", "WELD0202", "WELD0311", "WELD0315", "WELD0401", "WELD0402", "WELD0403", "WELD0404", "WELD0405", "WELD0408", "WELD0410",
        "WELD0416", "WELD0417", "WELD0418",
    ];

    private readonly ModuleValidator _validator = new();

    public void Dispose() => _validator.Dispose();

    /// <param name="directory">Where <see cref="FuzzCase.Save"/> put the case.</param>
    public CaseResult Run(string directory)
    {
        string[] command = File.ReadAllLines(Path.Combine(directory, FuzzCase.CommandFile));
        string output = Path.Combine(directory, OutputName);
        File.Delete(output);
        string[] before = [.. Directory.EnumerateFileSystemEntries(directory)];
        Environment.CurrentDirectory = directory;
        var diagnostics = new DiagnosticBag();
        bool succeeded;
        try
        {
            succeeded = Link(command, output, diagnostics, threads: 2);
        }
        catch (Exception e)
        {
            // Any exception is a bug; saying so is what this is for.
            return new CaseResult(Verdict.Exception, Describe(e));
        }
        if (!succeeded)
        {
            CaseResult failure = JudgeFailure(diagnostics, directory, command, before);
            return failure.Verdict == Verdict.Refused && IsFalseAlarm(command, output, diagnostics) ? new CaseResult(Verdict.FalseAlarm, failure.Detail) : failure;
        }
        if (!File.Exists(output))
            return new CaseResult(Verdict.WrongOutput, "success without an output file");
        return JudgeOutput(command, directory, output);
    }

    private static bool Link(string[] command, string output, DiagnosticBag diagnostics, int threads, bool verifyCode = true)
    {
        string[] arguments = [.. command.SelectMany(static line => line[0] == '-' ? line.Split(' ') : [line]), $"--threads={threads}", "-o", output];
        var commandLine = CommandLine.Parse(arguments, diagnostics);
        commandLine.RefuseNotImplemented(diagnostics);
        commandLine.Options.VerifyCode = verifyCode;
        return LinkPipeline.Run(commandLine.Options, diagnostics, TextWriter.Null);
    }

    private static CaseResult JudgeFailure(DiagnosticBag diagnostics, string directory, string[] command, string[] before)
    {
        if (!diagnostics.HasErrors)
            return new CaseResult(Verdict.BadMessage, "failure without an error");
        string[] left = [.. Directory.EnumerateFileSystemEntries(directory).Except(before)];
        if (left.Length != 0)
            return new CaseResult(Verdict.WrongOutput, "failure left " + string.Join(", ", left.Select(Path.GetFileName)));
        Diagnostic[] reported = [.. diagnostics.Diagnostics.Where(static d => d.Severity == Severity.Error)];
        List<string> errors = [.. reported.Select(Text)];
        string[] files = [.. command.Where(static line => line[0] != '-').Concat(before).Select(static line => Path.GetFileName(line)!)];
        bool namesFile = errors.Exists(error => files.Any(file => error.Contains(file, StringComparison.Ordinal)));
        if (!namesFile && !Array.Exists(reported, static error => WithoutFile.Any(code => error.Descriptor.Code.StartsWith(code, StringComparison.Ordinal))))
            return new CaseResult(Verdict.BadMessage, "no file is named: " + errors[0]);
        return errors.Find(static error => error.Length > 1 << 20) is string longError
            ? new CaseResult(Verdict.BadMessage, "a message of " + longError.Length + " characters")
            : new CaseResult(Verdict.Refused, errors[0]);
    }

    /// <summary>What <c>-r</c> gives is an object again, which is judged by what a link makes of it.</summary>
    private CaseResult JudgeAgain(string[] command, string directory, string output)
    {
        string combined = Path.Combine(directory, "combined.o");
        File.Move(output, combined, overwrite: true);
        string[] again = ["--no-entry", "--export-all", "--unresolved-symbols=ignore-all", .. command.Where(static line => line == OptionGroup.Wasm64), combined];
        var diagnostics = new DiagnosticBag();
        bool succeeded;
        try
        {
            succeeded = Link(again, output, diagnostics, threads: 1);
        }
        catch (Exception e)
        {
            return new CaseResult(Verdict.Exception, "link after -r: " + Describe(e));
        }
        return succeeded ? JudgeOutput(again, directory, output)
            : diagnostics.HasErrors ? new CaseResult(Verdict.Refused, Text(diagnostics.Diagnostics[0]))
            : new CaseResult(Verdict.BadMessage, "link after -r: failure without an error");
    }

    /// <summary>Whether a function was called invalid that the validators accept.</summary>
    private bool IsFalseAlarm(string[] command, string output, DiagnosticBag diagnostics)
    {
        bool isAboutBody = diagnostics.Diagnostics.Any(static d => d.Descriptor.Name == InputErrors.InvalidBodyName);
        if (!isAboutBody || !Link(command, output, new DiagnosticBag(), threads: 1, verifyCode: false))
            return false;
        return _validator.Accepts(output);
    }

    private CaseResult JudgeOutput(string[] command, string directory, string output)
    {
        byte[] first = File.ReadAllBytes(output);
        // Only wabt knows 64-bit tables, and only V8's newer versions exnref.
        if (command.Contains("--relocatable"))
            return JudgeAgain(command, directory, output);
        bool askNode = !command.Contains("-mwasm64");
        if (_validator.FindError(output, askNode) is string error)
            return new CaseResult(Verdict.Invalid, error);
        if (first.Length % 4 != 0)
            return new CaseResult(Verdict.Linked, "");
        // A quarter of them again, with one thread.
        try
        {
            if (!Link(command, output, new DiagnosticBag(), threads: 1) || !first.AsSpan().SequenceEqual(File.ReadAllBytes(output)))
                return new CaseResult(Verdict.NotDeterministic, "one thread and two threads give different results");
        }
        catch (Exception e)
        {
            return new CaseResult(Verdict.NotDeterministic, "with one thread: " + Describe(e));
        }
        return new CaseResult(Verdict.Linked, "");
    }

    private static string Text(Diagnostic diagnostic)
    {
        var text = new StringBuilder(diagnostic.ToString());
        foreach (string detail in diagnostic.Details)
            text.Append(" | ").Append(detail);
        return text.ToString();
    }

    private static string Describe(Exception e)
    {
        string[] frames = [.. (e.StackTrace ?? "").Split('\n').Select(static line => line.Trim()).Where(static line => line.StartsWith("at Weld.", StringComparison.Ordinal))];
        // The first frames tell one bug from another.
        return $"{e.GetType().Name}: {e.Message} {string.Join(" < ", frames.Take(3).Select(ShortFrame))}";
    }

    private static string ShortFrame(string frame)
    {
        int parameters = frame.IndexOf('(', StringComparison.Ordinal);
        int line = frame.LastIndexOf(":line ", StringComparison.Ordinal);
        return frame[3..(parameters < 0 ? frame.Length : parameters)] + (line < 0 ? "" : ":" + frame[(line + 6)..]);
    }
}
