using System.ComponentModel;
using System.Diagnostics;
using Weld.Base.Diagnostics;
using Weld.Linker;
using Weld.Linker.Diagnostics;

namespace Weld.Cli;

/// <summary>Runs another linker in weld's place (<c>--linker</c>): its output and its exit code are passed on.</summary>
internal static class ExternalLinker
{
    /// <summary>Names the linker to use; "weld", or nothing, for this one.</summary>
    public const string Variable = "WELD_LINKER";

    // The shortest limit of a supported system is that of Windows, 32767 characters.
    private const int LineLimit = 30_000;

    /// <returns>The program's exit code; 1 with a message when it cannot be run.</returns>
    public static int Run(string program, IReadOnlyList<string> arguments, DiagnosticBag diagnostics)
    {
        string? path = ProgramSearch.Find(program);
        if (path is null)
        {
            diagnostics.Add(OptionErrors.ExternalLinker(program, "no such program"));
            return 1;
        }
        string? responseFile = null;
        try
        {
            var start = new ProcessStartInfo(path) { UseShellExecute = false };
            // A linker that is weld after all must not look for another one.
            start.Environment[Variable] = "";
            if (Path.GetFileNameWithoutExtension(path) == "lld")
            {
                start.ArgumentList.Add("-flavor");
                start.ArgumentList.Add("wasm");
            }
            if (arguments.Sum(argument => argument.Length + 1) > LineLimit)
                arguments = [$"@{responseFile = WriteResponseFile(arguments)}", "--rsp-quoting=posix"];
            foreach (string argument in arguments)
                start.ArgumentList.Add(argument);
            using Process process = Process.Start(start)!;
            process.WaitForExit();
            return process.ExitCode;
        }
        catch (Exception e) when (e is Win32Exception or IOException or UnauthorizedAccessException)
        {
            diagnostics.Add(OptionErrors.ExternalLinker(program, e.Message));
            return 1;
        }
        finally
        {
            if (responseFile is not null)
                File.Delete(responseFile);
        }
    }

    private static string WriteResponseFile(IReadOnlyList<string> arguments)
    {
        string path = Path.GetTempFileName();
        File.WriteAllLines(path, arguments.Select(argument =>
            $"\"{argument.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\""));
        return path;
    }
}
