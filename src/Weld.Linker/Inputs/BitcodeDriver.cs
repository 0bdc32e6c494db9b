using System.ComponentModel;
using System.Diagnostics;
using Weld.Linker.Options;

namespace Weld.Linker.Inputs;

/// <summary>The clang or llc that makes wasm objects of LLVM bitcode.</summary>
public sealed class BitcodeDriver
{
    /// <summary>Names the driver when <c>--lto-driver</c> does not.</summary>
    public const string Variable = "WELD_LTO_DRIVER";

    // The version weld stands for comes first: an older LLVM does not read newer bitcode.
    private static readonly string[] Names = ["clang-22", "llc-22", "clang", "llc"];

    private const string ExceptionModel = "exception-model=wasm";

    private readonly bool _isLlc;

    private BitcodeDriver(string path)
    {
        Path = path;
        _isLlc = System.IO.Path.GetFileName(path).StartsWith("llc", StringComparison.Ordinal);
    }

    public string Path { get; }

    /// <summary>Finds the driver that the options or the environment name, else one on PATH.</summary>
    /// <param name="options">May name a driver.</param>
    /// <param name="missing">The driver that was named and is not there; null when none was named.</param>
    public static BitcodeDriver? Find(LinkOptions options, out string? missing)
    {
        ArgumentNullException.ThrowIfNull(options);
        string? named = options.LtoDriver ?? Environment.GetEnvironmentVariable(Variable);
        missing = string.IsNullOrEmpty(named) ? null : named;
        string? path = missing is null ? Names.Select(ProgramSearch.Find).FirstOrDefault(found => found is not null) : ProgramSearch.Find(missing);
        return path is null ? null : new BitcodeDriver(System.IO.Path.GetFullPath(path));
    }

    /// <summary>The command line without the program. What functions need of the target is noted in the bitcode.</summary>
    /// <param name="source">The bitcode.</param>
    /// <param name="bitcode">The file that has it.</param>
    /// <param name="output">The object to write.</param>
    /// <param name="triple">The target.</param>
    /// <param name="options">Say how to compile.</param>
    public List<string> Arguments(ReadOnlySpan<byte> source, string bitcode, string output, string triple, LinkOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        // Not noted in bitcode, and without it handlers are silently left out. Names stand in bitcode as plain bytes.
        bool hasExceptions = source.IndexOf("__gxx_wasm_personality_v0"u8) >= 0;
        List<string> arguments = _isLlc ? LlcArguments(triple, hasExceptions, options) : ClangArguments(triple, hasExceptions, options);
        arguments.AddRange([bitcode, "-o", output]);
        return arguments;
    }

    /// <summary>Runs the driver to its end.</summary>
    /// <returns>Its exit code and all it said; no code with the reason when it cannot be run.</returns>
    public (int? ExitCode, string Output) Run(List<string> arguments)
    {
        var start = new ProcessStartInfo(Path, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using Process process = Process.Start(start)!;
            process.StandardInput.Close();
            // Both at once: a program that fills one pipe waits until somebody reads it.
            Task<string> error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            output += error.GetAwaiter().GetResult();
            process.WaitForExit();
            return (process.ExitCode, output);
        }
        catch (Exception e) when (e is Win32Exception or IOException or UnauthorizedAccessException)
        {
            return (null, e.Message);
        }
    }

    // mvp: functions name the features they may use; the driver's default set would be added to theirs.
    private static List<string> ClangArguments(string triple, bool hasExceptions, LinkOptions options)
    {
        List<string> arguments = [$"--target={triple}", "-x", "ir", "-c", "-w", $"-O{options.LtoLevel}", "-mcpu=mvp"];
        if (options.IsPic)
            arguments.Add("-fPIC");
        // Data alone names no feature, and without atomics thread-local variables become plain ones.
        if (options.SharedMemory)
            arguments.AddRange(["-matomics", "-mbulk-memory"]);
        if (hasExceptions)
            arguments.Add("-fwasm-exceptions");
        // wasm-ld and llc have the model as an option of LLVM, clang as one of its own.
        foreach (string option in options.LlvmOptions.Where(option => option.TrimStart('-') != ExceptionModel))
            arguments.AddRange(["-mllvm", option]);
        return arguments;
    }

    private static List<string> LlcArguments(string triple, bool hasExceptions, LinkOptions options)
    {
        int level = options.LtoCodeGenerationLevel ?? Math.Max(options.LtoLevel, 2);
        List<string> arguments = [$"-mtriple={triple}", "-filetype=obj", $"-O{level}", "-mcpu=mvp"];
        if (options.IsPic)
            arguments.Add("-relocation-model=pic");
        if (options.SharedMemory)
            arguments.Add("-mattr=+atomics,+bulk-memory");
        if (hasExceptions)
            arguments.AddRange(["-wasm-enable-eh", $"-{ExceptionModel}"]);
        arguments.AddRange(options.LlvmOptions);
        return arguments;
    }
}
